import type { JudgedQuery, MetricMeans } from '@embedding-studio/contracts';
import { measureQuery } from '@embedding-studio/ml/ranking';
import type { AskedQuery } from '../datasets/index.ts';

export type Leg = 'fused' | 'vector' | 'lexical';
/** Item ids of the live search, best first. */
export type Search = (request: { query: string; legs: Leg; limit: number }) => Promise<string[]>;

export interface MeasuredQuery {
  judged: JudgedQuery;
  fused: MetricMeans;
  fusedIds: string[];
  vector: MetricMeans;
  lexical: MetricMeans;
}
/** By query id. */
export type Measured = ReadonlyMap<string, MeasuredQuery>;

const concurrency = 4;
/** Deep enough for the condensed measure, which skips unjudged items. */
const fusedDepth = 100;
const legDepth = 10;
/** Deep enough for ten of half the items to be in it. */
const amongDepth = 500;

/** Asks the live search for each distinct query: as users get it, and by each leg alone. */
export async function measureQueries(input: {
  search: Search;
  queries: readonly AskedQuery[];
  onProgress?: (done: number, total: number) => void;
}): Promise<Measured> {
  const distinct = [...new Map(input.queries.map((judged) => [judged.queryId, judged])).values()];
  const measured = new Map<string, MeasuredQuery>();
  let next = 0;
  const work = async () => {
    for (let judged = distinct[next++]; judged !== undefined; judged = distinct[next++]) {
      measured.set(judged.queryId, await measureOne(input.search, judged));
      input.onProgress?.(measured.size, distinct.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return measured;
}

async function measureOne(search: Search, { among, ...judged }: AskedQuery): Promise<MeasuredQuery> {
  const ask = async (legs: Leg, limit: number) => {
    if (among === undefined) return search({ query: judged.text, legs, limit });
    const found = await search({ query: judged.text, legs, limit: amongDepth });
    return found.filter((itemId) => among.has(itemId)).slice(0, limit);
  };
  const fusedIds = await ask('fused', fusedDepth);
  const vectorIds = await ask('vector', legDepth);
  const lexicalIds = await ask('lexical', legDepth);
  return {
    judged,
    fused: measureQuery(fusedIds, judged),
    fusedIds,
    vector: measureQuery(vectorIds, judged),
    lexical: measureQuery(lexicalIds, judged),
  };
}
