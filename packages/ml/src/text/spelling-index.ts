import { setImmediate } from 'node:timers/promises';

export interface CountedWord {
  word: string;
  /** Items that contain it. */
  items: number;
}

export interface NearWord extends CountedWord {
  /** Insertions, deletions, replacements and swaps of neighbours. */
  edits: number;
}

export interface SpellingIndex {
  /** Words within `edits`, fewest edits first, then the commonest; the word itself is not among them. */
  find(word: string, options: { edits: 1 | 2; limit: number }): NearWord[];
  words: number;
}

const editsMax = 2;
/** Only the beginnings are compared at first: variants of whole long words would fill the memory. */
const prefixLetters = 6;
const shards = 32;
const wordsMax = 2 ** 21;

/**
 * Two words within two edits share a word that both become by leaving out letters. All such variants of the beginnings
 * are kept as sorted numbers (hash, then word), so that a look-up reads a handful of places whatever the vocabulary.
 * Yields to the event loop between shards.
 */
export async function buildSpellingIndex(given: readonly CountedWord[]): Promise<SpellingIndex> {
  const words = given.slice(0, wordsMax);
  const variants: number[][] = Array.from({ length: shards }, () => []);
  for (let at = 0; at < words.length; at++) {
    for (const variant of variantsOf(words[at]?.word ?? '')) {
      const hash = hashText(variant);
      variants[hash % shards]?.push(hash * wordsMax + at);
    }
    if (at % 250 === 249) await setImmediate();
  }
  const sorted: Float64Array[] = [];
  for (const shard of variants) {
    sorted.push(Float64Array.from(shard).sort());
    await setImmediate();
  }
  return {
    words: words.length,
    find: (word, { edits, limit }) => {
      const near = findCandidates(sorted, word).flatMap((at): NearWord[] => {
        const candidate = words[at];
        if (candidate === undefined || candidate.word === word) return [];
        const distance = countEdits(word, candidate.word, edits);
        return distance <= edits ? [{ ...candidate, edits: distance }] : [];
      });
      return near.sort(compareNear).slice(0, limit);
    },
  };
}

function compareNear(left: NearWord, right: NearWord): number {
  return left.edits - right.edits || right.items - left.items || (left.word < right.word ? -1 : 1);
}

function findCandidates(sorted: readonly Float64Array[], word: string): number[] {
  const found = new Set<number>();
  for (const variant of variantsOf(word)) {
    const hash = hashText(variant);
    const shard = sorted[hash % shards];
    if (shard === undefined) continue;
    const end = (hash + 1) * wordsMax;
    for (let at = lowerBound(shard, hash * wordsMax); at < shard.length; at++) {
      const entry = shard[at] ?? end;
      if (entry >= end) break;
      found.add(entry % wordsMax);
    }
  }
  return [...found];
}

function lowerBound(values: Float64Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The beginning of a word and all that is left of it after leaving out one or two letters. */
function variantsOf(word: string): Set<string> {
  const variants = new Set([word.slice(0, prefixLetters)]);
  let latest = [...variants];
  for (let edit = 0; edit < editsMax; edit++) {
    latest = latest.flatMap(leaveOneOut);
    for (const text of latest) variants.add(text);
  }
  return variants;
}

function leaveOneOut(text: string): string[] {
  return Array.from({ length: text.length }, (_, at) => text.slice(0, at) + text.slice(at + 1));
}

/** FNV-1a, 32 bits. Collisions only cost a comparison. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Edits between two words, a swap of neighbours being one; anything above `max` is told as `max + 1`. */
export function countEdits(one: string, other: string, max: number): number {
  if (Math.abs(one.length - other.length) > max) return max + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      if (row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    if (Math.min(...current) > max) return max + 1;
    beforeLast = last;
    last = current;
  }
  return Math.min(last[other.length] ?? 0, max + 1);
}
