import type { JudgedQuery, MetricMeans } from '@embedding-studio/contracts';
import { measureQuery } from '@embedding-studio/ml/ranking';

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

/** Asks the live search for each distinct query: as users get it, and by each leg alone. */
export async function measureQueries(input: {
  search: Search;
  queries: readonly JudgedQuery[];
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

async function measureOne(search: Search, judged: JudgedQuery): Promise<MeasuredQuery> {
  const query = judged.text;
  const fusedIds = await search({ query, legs: 'fused', limit: fusedDepth });
  const vectorIds = await search({ query, legs: 'vector', limit: legDepth });
  const lexicalIds = await search({ query, legs: 'lexical', limit: legDepth });
  return {
    judged,
    fused: measureQuery(fusedIds, judged),
    fusedIds,
    vector: measureQuery(vectorIds, judged),
    lexical: measureQuery(lexicalIds, judged),
  };
}
