import { setImmediate as breathe } from 'node:timers/promises';
import type { Int8Variant, JudgedQuery } from '@embedding-studio/contracts';
import { ndcgAt } from '../ranking/index.ts';

/** Vectors of items, one after another, and whose they are; an item may have several. */
export interface ItemVectors {
  itemIds: readonly string[];
  vectors: readonly Float32Array[];
}

export interface ParityInput {
  judged: readonly JudgedQuery[];
  float: { queries: readonly Float32Array[]; items: ItemVectors };
  int8: { queries: readonly Float32Array[]; items: ItemVectors };
}

const cutoff = 10;
const speedupMin = 2;
const lossMax = 0.005;
/** Fewer queries cannot tell half a per cent. */
const queriesMin = 50;

/** nDCG@10 by the cosine of each item's best part over all items: the vectors alone, with no words to cover for them. */
async function measureVectors(
  judged: readonly JudgedQuery[],
  queries: readonly Float32Array[],
  items: ItemVectors,
): Promise<number> {
  let total = 0;
  for (const [at, { relevant }] of judged.entries()) {
    const vector = queries[at];
    if (vector) total += ndcgAt(rankItems(vector, items), relevant, cutoff);
    await breathe();
  }
  return judged.length === 0 ? 0 : total / judged.length;
}

function rankItems(query: Float32Array, { itemIds, vectors }: ItemVectors): string[] {
  const best = new Map<string, number>();
  vectors.forEach((vector, at) => {
    let cosine = 0;
    for (let i = 0; i < query.length; i += 1) cosine += (query[i] as number) * (vector[i] as number);
    const id = itemIds[at] ?? '';
    if (cosine > (best.get(id) ?? Number.NEGATIVE_INFINITY)) best.set(id, cosine);
  });
  return [...best]
    .sort((a, b) => b[1] - a[1])
    .slice(0, cutoff)
    .map(([id]) => id);
}

export interface Parity {
  ndcg10: number;
  deltaNdcg10: number;
  deltaNdcg10Mixed: number;
  queries: number;
}

/** What whole numbers cost: for queries and items alike, and for queries alone over float items. */
export async function measureParity({ judged, float, int8 }: ParityInput): Promise<Parity> {
  const ndcg10 = await measureVectors(judged, float.queries, float.items);
  const change = (after: number) => (ndcg10 === 0 ? 0 : (after - ndcg10) / ndcg10);
  return {
    ndcg10,
    deltaNdcg10: change(await measureVectors(judged, int8.queries, int8.items)),
    deltaNdcg10Mixed: change(await measureVectors(judged, int8.queries, float.items)),
    queries: judged.length,
  };
}

const percent = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(2)} %`;

/** Kept only if it is at least twice as fast and loses at most half a per cent of nDCG@10, also in the mixed case. */
export function judgeVariant(parity: Parity, speedup: number): Int8Variant {
  const { deltaNdcg10, deltaNdcg10Mixed, queries } = parity;
  const figures = `${speedup.toFixed(2)}× as fast, nDCG@10 ${percent(deltaNdcg10)} (queries alone ${percent(deltaNdcg10Mixed)}) over ${queries} queries`;
  const faults = [
    ...(queries < queriesMin ? [`fewer than ${queriesMin} queries to judge by`] : []),
    ...(parity.ndcg10 === 0 ? ['the float encoder finds nothing, so a loss would not show'] : []),
    ...(Math.min(deltaNdcg10, deltaNdcg10Mixed) < -lossMax ? ['it loses more than 0.5 %'] : []),
    ...(speedup < speedupMin ? [`it is less than ${speedupMin}× as fast`] : []),
  ];
  const kept = faults.length === 0;
  return {
    ...{ kept, speedup, deltaNdcg10, deltaNdcg10Mixed, queries },
    file: kept ? 'model.int8.onnx' : null,
    why: kept ? `${figures}.` : `${figures}: ${faults.join('; ')}.`,
  };
}
