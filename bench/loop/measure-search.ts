import { StudioError } from '@embedding-studio/contracts';
import { type Ctx, searchItems } from '@embedding-studio/core';
import type pg from 'pg';
import type { Connection } from '../../packages/db/src/postgres/connection.ts';
import { FilterPlanner } from '../../packages/db/src/postgres/filter-plan.ts';
import { searchLive } from '../../packages/db/src/postgres/live-search.ts';
import { createSearchPool } from '../../packages/db/src/postgres/open-pool.ts';
import { type Statement, setWidth } from '../../packages/db/src/postgres/search-pool.ts';
import { alternate, inverse } from '../alternate.ts';
import type { Measurement } from './measurement.ts';
import type { Bench } from './open-bench.ts';

const queriesMax = 200;
const hits = 10;
const recallMin = 0.95;
const clients = 4;

interface Asked {
  statement: Statement;
  efWidth: number;
}

/** The whole verb with query vectors at hand, against its one statement alone, prepared by name. */
export async function measureSearch(bench: Bench, repeats: number): Promise<Measurement> {
  // What spelling knows is loaded by the first search otherwise, and both sides would ask for other texts.
  await bench.ctx.deps.queryKnowledge.refresh();
  const queries = await embedQueries(bench);
  const vectorOf = new Map(queries.map(({ text, vector }) => [text, vector]));
  const { encoder } = bench.ctx.deps;
  // A text that spelling has changed is embedded when it is first asked for, before anything is timed.
  const embed: Ctx['deps']['encoder']['embed'] = async (request) => {
    const texts = request.texts.filter((text) => !vectorOf.has(text));
    const made = texts.length === 0 ? [] : await encoder.embed({ ...request, texts });
    for (const [at, text] of texts.entries()) vectorOf.set(text, made[at] ?? new Float32Array());
    return request.texts.map((text) => vectorOf.get(text) ?? new Float32Array());
  };
  const ctx: Ctx = { ...bench.ctx, deps: { ...bench.ctx.deps, encoder: { embed } } };
  const asked = await takeDownStatements({ ctx, texts: queries.map(({ text }) => text) });
  const efWidth = asked[0]?.efWidth ?? 0;
  const recall = await measureRecall(bench, { efWidth, queries });
  if (recall < recallMin) throw new StudioError('INTERNAL', `recall@10 is ${recall.toFixed(3)}, below ${recallMin}`);
  const pool = openPool(bench.databaseUrl, efWidth);
  try {
    const compared = await alternate({
      ours: {
        name: 'searchItems, query vectors given',
        run: () => inTurn(queries, ({ text }) => searchItems({ ctx, input: { query: text, limit: hits } })),
      },
      bare: {
        name: 'its one statement alone: same text, parameters, connection settings, prepared',
        run: () => inTurn(asked, ({ statement }) => pool.query({ ...statement, name: 'bare' })),
      },
      repeats,
    });
    const perSecond = (seconds: number) => queries.length / seconds;
    return {
      name: 'search',
      what: `queries per second of the search verb (live pointer, candidates, fusion, ${hits} hits with payload, in one round trip; ${clients} at a time, ${bench.items.length} items, recall@10 ${recall.toFixed(3)})`,
      goal: { at: 'least', value: 0.9 },
      ratio: inverse(compared.timesBare),
      compared,
      facts: {
        ...{ queries: queries.length, recall10: recall, beamWidth: efWidth },
        verbPerSecond: perSecond(compared.ours.seconds.median),
        statementPerSecond: perSecond(compared.bare.seconds.median),
      },
    };
  } finally {
    await pool.end();
  }
}

interface Vector {
  text: string;
  vector: Float32Array;
}

async function embedQueries(bench: Bench): Promise<Vector[]> {
  const texts = await chooseTexts(bench);
  const vectors = await bench.ctx.deps.encoder.embed({ modelId: bench.modelId, texts, kind: 'query' });
  return texts.map((text, index) => ({ text, vector: vectors[index] ?? new Float32Array() }));
}

/**
 * Queries whose words the items contain: an unknown one is looked up for its spelling, which is a statement of its own,
 * and in a part of a catalogue nearly every query has some.
 */
async function chooseTexts({ ctx, dataset }: Bench): Promise<string[]> {
  const vocabulary = ctx.deps.queryKnowledge.vocabulary();
  const all = [...new Set(dataset.queries.map(({ text }) => text.trim()))];
  const chosen: string[] = [];
  for (const text of all) {
    if (chosen.length === queriesMax) break;
    const counts = (await vocabulary?.countItems(text.match(/[\p{L}\p{M}]+/gu) ?? [])) ?? [];
    if (counts.every((count) => count > 0)) chosen.push(text);
  }
  return chosen;
}

/** The statements, with their parameters and beam width, that the verb itself sends: taken down instead of run. */
async function takeDownStatements({ ctx, texts }: { ctx: Ctx; texts: readonly string[] }): Promise<Asked[]> {
  const asked: Asked[] = [];
  const notebook = {
    search: async (statement: Statement, efWidth: number) => {
      asked.push({ statement, efWidth });
      return [{ isLive: true, found: { ids: null }, scale: 0, hits: null }];
    },
  } as unknown as Connection;
  const collections: Ctx['deps']['collections'] = {
    ...ctx.deps.collections,
    searchLive: (query) => searchLive(notebook, { query, planner: new FilterPlanner(notebook) }),
  };
  const dry: Ctx = { ...ctx, deps: { ...ctx.deps, collections } };
  for (const query of texts) await searchItems({ ctx: dry, input: { query, limit: hits } });
  return asked;
}

/** With the verb's beam, against exact search; items as near as the tenth are as good as it. */
async function measureRecall(
  bench: Bench,
  { efWidth, queries }: { efWidth: number; queries: readonly Vector[] },
): Promise<number> {
  const { findNearest } = bench.ctx.deps.collections;
  let sum = 0;
  for (const { vector } of queries) {
    const query = { collectionId: bench.collectionId, vector, limit: hits, efSearch: efWidth };
    const exact = await findNearest({ ...query, exact: true });
    const last = exact.at(-1)?.distance ?? 0;
    const found = (await findNearest(query)).filter(({ distance }) => distance <= last + 1e-6).length;
    sum += Math.min(1, found / Math.max(1, exact.length));
  }
  return sum / queries.length;
}

/** As many connections as clients, set up as the verb's own. */
function openPool(url: string, efWidth: number): pg.Pool {
  const pool = createSearchPool({ url, poolMax: clients, statementTimeoutMs: 60_000 });
  pool.on('connect', (client) => void client.query(setWidth(efWidth)));
  return pool;
}

async function inTurn<T>(list: readonly T[], run: (one: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const client = async () => {
    for (let one = list[next++]; one !== undefined; one = list[next++]) await run(one);
  };
  await Promise.all(Array.from({ length: clients }, client));
}
