import { type Collection, StudioError } from '@embedding-studio/contracts';
import { type Ctx, searchItems } from '@embedding-studio/core';
import pg from 'pg';
import { findCandidates } from '../../packages/db/src/postgres/candidate-search.ts';
import type { Connection } from '../../packages/db/src/postgres/connection.ts';
import { alternate, inverse } from '../alternate.ts';
import type { Measurement } from './measurement.ts';
import type { Bench } from './open-bench.ts';

const queriesMax = 200;
const hits = 10;
const recallMin = 0.95;
const clients = 4;

interface Prepared {
  text: string;
  vector: Float32Array;
  statement: { name: string; text: string; values: unknown[] };
}

/** The whole verb with query vectors at hand, against its one candidate statement alone, prepared by name. */
export async function measureSearch(bench: Bench, repeats: number): Promise<Measurement> {
  const collection = await bench.ctx.deps.collections.getCollection(bench.collectionId);
  const { queries, local } = await prepareQueries(bench, collection);
  const recall = await measureRecall(bench, { collection, queries });
  if (recall < recallMin) throw new StudioError('INTERNAL', `recall@10 is ${recall.toFixed(3)}, below ${recallMin}`);
  const vectorOf = new Map(queries.map(({ text, vector }) => [text, vector]));
  const embed: Ctx['deps']['encoder']['embed'] = async ({ texts }) =>
    texts.map((text) => vectorOf.get(text) ?? new Float32Array());
  const ctx: Ctx = { ...bench.ctx, deps: { ...bench.ctx.deps, encoder: { embed } } };
  const pool = openPool(bench.databaseUrl, local);
  try {
    const compared = await alternate({
      ours: {
        name: 'searchItems, query vectors given',
        run: () => inTurn(queries, ({ text }) => searchItems({ ctx, input: { query: text, limit: hits } })),
      },
      bare: {
        name: 'its candidate statement, prepared',
        run: () => inTurn(queries, ({ statement }) => pool.query(statement)),
      },
      repeats,
    });
    const perSecond = (seconds: number) => queries.length / seconds;
    return {
      name: 'search',
      what: `queries per second of the search verb (${hits} hits with payload, ${clients} at a time, ${bench.items.length} items, recall@10 ${recall.toFixed(3)})`,
      goal: { at: 'least', value: 0.9 },
      ratio: inverse(compared.timesBare),
      compared,
      facts: {
        ...{ queries: queries.length, recall10: recall, efSearch: collection.ranking.efSearch },
        verbPerSecond: perSecond(compared.ours.seconds.median),
        statementPerSecond: perSecond(compared.bare.seconds.median),
      },
    };
  } finally {
    await pool.end();
  }
}

/** Vectors of real queries, and the statement that the verb sends for each, taken down instead of run. */
async function prepareQueries(
  bench: Bench,
  collection: Collection,
): Promise<{ queries: Prepared[]; local: Record<string, string> }> {
  const texts = [...new Set(bench.dataset.queries.map(({ text }) => text.trim()))].slice(0, queriesMax);
  const vectors = await bench.ctx.deps.encoder.embed({ modelId: bench.modelId, texts, kind: 'query' });
  const parts = Math.max(1, ...bench.items.map((item) => item.parts.length));
  let local: Record<string, string> = {};
  const queries: Prepared[] = [];
  for (const [index, text] of texts.entries()) {
    const vector = vectors[index] ?? new Float32Array();
    let statement: Prepared['statement'] = { name: '', text: '', values: [] };
    const notebook = {
      queryWith: async (settings: Record<string, string>, asked: Prepared['statement']) => {
        local = settings;
        statement = asked;
        return [];
      },
    } as unknown as Connection;
    const depth = Math.max(100, 2 * hits);
    const { lexical, efSearch } = collection.ranking;
    const query = { collectionId: collection.id, text, vector, depth, lexical, efSearch };
    await findCandidates(notebook, { query, shape: { dims: collection.dims, partsMax: parts } });
    queries.push({ text, vector, statement });
  }
  return { queries, local };
}

/** Against exact search; items as near as the tenth are as good as it. */
async function measureRecall(
  bench: Bench,
  { collection, queries }: { collection: Collection; queries: readonly Prepared[] },
): Promise<number> {
  const { findNearest } = bench.ctx.deps.collections;
  let sum = 0;
  for (const { vector } of queries) {
    const query = { collectionId: collection.id, vector, limit: hits, efSearch: collection.ranking.efSearch };
    const exact = await findNearest({ ...query, exact: true });
    const last = exact.at(-1)?.distance ?? 0;
    const found = (await findNearest(query)).filter(({ distance }) => distance <= last + 1e-6).length;
    sum += Math.min(1, found / Math.max(1, exact.length));
  }
  return sum / queries.length;
}

/** As many connections as clients, with the verb's own settings for the whole session. */
function openPool(connectionString: string, local: Record<string, string>): pg.Pool {
  const settings = Object.entries({ jit: 'off', ...local }).map(([name, value]) => `-c ${name}=${value}`);
  return new pg.Pool({ connectionString, max: clients, options: settings.join(' '), query_timeout: 60_000 });
}

async function inTurn<T>(list: readonly T[], run: (one: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const client = async () => {
    for (let one = list[next++]; one !== undefined; one = list[next++]) await run(one);
  };
  await Promise.all(Array.from({ length: clients }, client));
}
