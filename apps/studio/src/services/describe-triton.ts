import { createModelServer, readServerMetrics, type ServerMetrics } from '@embedding-studio/integrations/model-server';
import { z } from 'zod';
import type { Settings } from '../environment.ts';

const timeoutMs = 3_000;
const Metadata = z.object({ name: z.string(), version: z.string() });
const Index = z.array(z.object({ name: z.string(), state: z.string().optional() }));

/** What the model server at TRITON_URL is and does; where it tells nothing, so much less. */
export async function describeTriton(settings: Settings): Promise<{ version: string; traffic: string }> {
  const { TRITON_URL: url, TRITON_GRPC_URL: grpcUrl, TRITON_METRICS_URL: metricsUrl } = settings;
  if (url === undefined) return { version: '', traffic: '' };
  const metadata = await ask(`${url}/v2`, 'GET', Metadata);
  const index = await ask(`${url}/v2/repository/index`, 'POST', Index);
  const ready = index?.filter(({ state }) => state === 'READY').length;
  const metrics =
    metricsUrl === undefined ? null : await readServerMetrics(metricsUrl, timeoutMs).catch(() => 'unread' as const);
  return {
    version: metadata === null ? '' : `${metadata.name} ${metadata.version}`,
    traffic: [
      ready === undefined ? '' : `; ${ready} models ready`,
      grpcUrl === undefined ? '' : await describeGrpc(grpcUrl),
      describeMetrics(metrics),
    ].join(''),
  };
}

/** What searches and workers use where it is given, so that HTTP alone is not enough. */
async function describeGrpc(url: string): Promise<string> {
  const server = createModelServer({ url, repositoryFolder: '', inferTimeoutMs: timeoutMs, loadTimeoutMs: timeoutMs });
  const isReady = await server.isReady();
  await server.close();
  return isReady ? '; gRPC is used' : '; TRITON_GRPC_URL does not answer';
}

function describeMetrics(metrics: ServerMetrics | 'unread' | null): string {
  if (metrics === null) return '';
  if (metrics === 'unread') return '; TRITON_METRICS_URL does not answer';
  const total = (count: (model: ServerMetrics['models'][number]) => number) =>
    metrics.models.reduce((sum, model) => sum + count(model), 0);
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  const gpus = metrics.gpus.map(
    ({ usedBytes, totalBytes }) => `, GPU ${gigabytes(usedBytes)} of ${gigabytes(totalBytes)} GB`,
  );
  const served = `; ${total(({ succeeded }) => succeeded)} requests served, ${total(({ failed }) => failed)} failed`;
  return `${served}, ${total(({ pending }) => pending)} waiting${gpus.join('')}`;
}

async function ask<T>(url: string, method: 'GET' | 'POST', shape: z.ZodType<T>): Promise<T | null> {
  try {
    const answer = await fetch(url, { method, signal: AbortSignal.timeout(timeoutMs) });
    return shape.safeParse(await answer.json()).data ?? null;
  } catch {
    return null;
  }
}
