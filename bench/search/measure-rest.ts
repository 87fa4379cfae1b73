import type { AddressInfo } from 'node:net';
import type { RateLimiter } from '@embedding-studio/contracts';
import { type Ctx, createApiKey, searchItems } from '@embedding-studio/core';
import { openTelemetry, type ProcessTelemetry } from '@embedding-studio/telemetry/observe';
import Fastify, { type FastifyInstance } from 'fastify';
import { createGateway } from '../../apps/gateway/src/server.ts';
import { alternate, inverse } from '../alternate.ts';
import type { Measurement } from '../loop/measurement.ts';
import type { Bench } from '../loop/open-bench.ts';

const clients = 4;
const hits = 10;
const path = '/api/v1/embeddings/similarity-search';

/** The public route with its key, limits, schemas and error shapes, against Fastify with nothing but the verb. */
export async function measureRest(bench: Bench, repeats: number): Promise<Measurement> {
  const queries = [...new Set(bench.dataset.queries.map(({ text }) => text.trim()))].slice(0, 200);
  const { secret } = await createApiKey({ ctx: bench.ctx, input: { name: 'bench', scopes: ['search'] } });
  const telemetry = await openTelemetry({ name: 'bench', version: '0', traces: null });
  const gateway = openGateway(bench, telemetry);
  const bare = openBare(bench.ctx);
  try {
    const ours = await listen(gateway);
    const plain = await listen(bare);
    const ask = (url: string) => async (query: string) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        body: JSON.stringify({ search_query: query, limit: hits }),
      });
      if (!response.ok) throw new TypeError(`${url} answered ${response.status}`);
      await response.json();
    };
    const compared = await alternate({
      ours: { name: 'POST /embeddings/similarity-search through the gateway', run: () => inTurn(queries, ask(ours)) },
      bare: { name: 'Fastify with a handler that calls the same verb', run: () => inTurn(queries, ask(plain)) },
      repeats,
    });
    return {
      name: 'rest',
      what: `requests per second (key, rate limit, schemas and answers of the contract; ${clients} at a time)`,
      goal: { at: 'least', value: 0.8 },
      ratio: inverse(compared.timesBare),
      compared,
      facts: { queries: queries.length, requestsPerSecond: queries.length / compared.ours.seconds.median },
    };
  } finally {
    await Promise.all([gateway.close(), bare.close()]);
    await telemetry.close();
  }
}

/** Measured as in production: metrics on, traces off. */
function openGateway({ ctx }: Bench, telemetry: ProcessTelemetry): FastifyInstance {
  const unlimited: RateLimiter = {
    count: async ({ limit }) => ({ limit, remaining: limit, resetSeconds: 1, windowSeconds: 60, isOver: false }),
    close: async () => undefined,
  };
  return createGateway({
    projects: new Map([['default', { ...ctx.deps, telemetry }]]),
    metrics: { telemetry, token: null },
    limits: { keys: unlimited, keyRequestsPerMinute: 1_000_000, failures: unlimited, failuresPerMinute: 60 },
    ...{ bodyBytesMax: 1_000_000, jsonDepthMax: 32, requestTimeoutMs: 30_000, trustedProxies: [], corsOrigins: [] },
    version: 'bench',
  });
}

function openBare(ctx: Ctx): FastifyInstance {
  const app = Fastify();
  app.post<{ Body: { search_query: string; limit: number } }>(path, ({ body }) =>
    searchItems({ ctx, input: { query: body.search_query, limit: body.limit } }),
  );
  return app;
}

async function listen(app: FastifyInstance): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}${path}`;
}

async function inTurn(list: readonly string[], run: (one: string) => Promise<unknown>): Promise<void> {
  let next = 0;
  const client = async () => {
    for (let one = list[next++]; one !== undefined; one = list[next++]) await run(one);
  };
  await Promise.all(Array.from({ length: clients }, client));
}
