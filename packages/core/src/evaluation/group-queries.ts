import { normaliseQuery } from '@embedding-studio/ml/clicks';

const editLengthMin = 6;

/**
 * A group number for each text: texts that differ in spelling of one letter, order or repetition of words, case or
 * punctuation share one, so that a split by group never asks a held-out query that training has seen in other clothes.
 */
export function groupQueries(texts: readonly string[]): number[] {
  const parent = texts.map((_, index) => index);
  const firstOf = new Map<string, number>();
  texts.forEach((text, index) => {
    for (const key of listKeys(text)) {
      const first = firstOf.get(key);
      if (first === undefined) firstOf.set(key, index);
      else join(parent, first, index);
    }
  });
  return texts.map((_, index) => findRoot(parent, index));
}

/** Two texts one deletion or substitution of a letter apart share at least one key. Digits are never dropped: sequels differ by them. */
function listKeys(text: string): string[] {
  const normalised = normaliseQuery(text);
  const words = [...new Set(normalised.split(' '))].sort();
  const keys = [`=${words.join(' ')}`, `~${normalised}`];
  if (normalised.length < editLengthMin) return keys;
  for (let index = 0; index < normalised.length; index++) {
    const letter = normalised[index] ?? '';
    if (/[\p{N}]/u.test(letter)) continue;
    keys.push(`~${normalised.slice(0, index)}${normalised.slice(index + 1)}`);
  }
  return keys;
}

function join(parent: number[], left: number, right: number): void {
  const leftRoot = findRoot(parent, left);
  const rightRoot = findRoot(parent, right);
  parent[Math.max(leftRoot, rightRoot)] = Math.min(leftRoot, rightRoot);
}

function findRoot(parent: number[], start: number): number {
  let node = start;
  while (parent[node] !== node) {
    const above = parent[node] ?? node;
    parent[node] = parent[above] ?? above;
    node = parent[node] ?? node;
  }
  return node;
}
