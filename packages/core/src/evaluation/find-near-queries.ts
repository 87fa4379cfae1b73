import { setImmediate as breathe } from 'node:timers/promises';
import { findRoot, joinGroups } from './disjoint-sets.ts';

/** From the threshold asked for upwards: the first that does not run queries together is taken. */
export const nearCosines = [0.95, 0.97, 0.98, 0.99] as const;
/** A larger group than this share of the queries, or than `groupMin`, says that the model cannot tell queries apart. */
const groupShareMax = 0.02;
const groupMin = 10;
/** Leading numbers of each vector that are compared first; the rest only where it could still reach the threshold. */
const headDims = 48;

export interface NearQueries {
  /** Of two queries of a group that stand for one another; null: no threshold kept the queries apart. */
  cosine: number | null;
  /** Places in the given vectors; groups of two and more, each ascending. */
  groups: number[][];
}

/**
 * Exact groups of unit vectors: any two whose cosine is above the threshold are in one, also by way of others. Time
 * grows with the square of the vectors, memory with their number.
 */
export async function findNearQueries(vectors: readonly Float32Array[], signal?: AbortSignal): Promise<NearQueries> {
  const packed = pack(vectors);
  const levels = nearCosines.map((cosine) => ({ cosine, parent: vectors.map((_, at) => at) }));
  for (let at = 1; at < vectors.length; at += 1) {
    joinRow(packed, at, levels);
    if (at % 32 === 0) {
      signal?.throwIfAborted();
      await breathe();
    }
  }
  const largest = Math.max(groupMin, groupShareMax * vectors.length);
  for (const { cosine, parent } of levels) {
    const groups = listGroups(parent);
    if (groups.every(({ length }) => length <= largest)) return { cosine, groups };
  }
  return { cosine: null, groups: [] };
}

interface Packed {
  /** [vector][headDims] one after another, so that they stay in the cache; shorter vectors are filled up with zeros. */
  heads: Float32Array;
  rest: readonly Float32Array[];
  /** Lengths of the rests. */
  tails: Float64Array;
}

function pack(vectors: readonly Float32Array[]): Packed {
  const heads = new Float32Array(vectors.length * headDims);
  for (const [at, vector] of vectors.entries()) heads.set(vector.subarray(0, headDims), at * headDims);
  const rest = vectors.map((vector) => vector.subarray(headDims));
  return { heads, rest, tails: Float64Array.from(rest, (tail) => Math.sqrt(dot(tail, tail))) };
}

/** All earlier vectors beside one: by Cauchy–Schwarz the rests add at most the product of their lengths. */
function joinRow({ heads, rest, tails }: Packed, at: number, levels: { cosine: number; parent: number[] }[]): void {
  const [least] = nearCosines;
  const own = heads.subarray(at * headDims, (at + 1) * headDims);
  const tail = tails[at] as number;
  for (let other = 0; other < at; other += 1) {
    const head = dotHead(own, heads, other * headDims);
    if (head + tail * (tails[other] as number) <= least) continue;
    const cosine = head + dot(rest[at] as Float32Array, rest[other] as Float32Array);
    for (const level of levels) if (cosine > level.cosine) joinGroups(level.parent, other, at);
  }
}

/** Four sums side by side, which processors add at once. */
function dotHead(own: Float32Array, heads: Float32Array, start: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < headDims; i += 4) {
    a += (own[i] as number) * (heads[start + i] as number);
    b += (own[i + 1] as number) * (heads[start + i + 1] as number);
    c += (own[i + 2] as number) * (heads[start + i + 2] as number);
    d += (own[i + 3] as number) * (heads[start + i + 3] as number);
  }
  return a + b + c + d;
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i += 1) sum += (left[i] as number) * (right[i] as number);
  return sum;
}

function listGroups(parent: number[]): number[][] {
  const groups = new Map<number, number[]>();
  for (let at = 0; at < parent.length; at += 1) {
    const root = findRoot(parent, at);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [at]);
    else group.push(at);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}
