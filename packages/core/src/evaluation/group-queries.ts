import { normaliseQuery } from '@embedding-studio/ml/clicks';
import { findRoot, joinGroups } from './disjoint-sets.ts';

const editLengthMin = 6;

/** Normalised query → group of queries that mean nearly the same to a model; only those that have such company. */
export type NearNames = ReadonlyMap<string, number>;

/**
 * A group number for each text: texts that differ in spelling of one letter, order or repetition of words, case or
 * punctuation share one, and so do those that `near` names alike: a split by group never asks a held-out query that
 * training has seen in other clothes.
 */
export function groupQueries(texts: readonly string[], near: NearNames = new Map()): number[] {
  const parent = texts.map((_, index) => index);
  const firstOf = new Map<string, number>();
  texts.forEach((text, index) => {
    for (const key of listKeys(text, near)) {
      const first = firstOf.get(key);
      if (first === undefined) firstOf.set(key, index);
      else joinGroups(parent, first, index);
    }
  });
  return texts.map((_, index) => findRoot(parent, index));
}

/** Two texts one deletion or substitution of a letter apart share at least one key. Digits are never dropped: sequels differ by them. */
function listKeys(text: string, near: NearNames): string[] {
  const normalised = normaliseQuery(text);
  const words = [...new Set(normalised.split(' '))].sort();
  const group = near.get(normalised);
  const keys = [`=${words.join(' ')}`, `~${normalised}`, ...(group === undefined ? [] : [`#${group}`])];
  if (normalised.length < editLengthMin) return keys;
  for (let index = 0; index < normalised.length; index++) {
    const letter = normalised[index] ?? '';
    if (/[\p{N}]/u.test(letter)) continue;
    keys.push(`~${normalised.slice(0, index)}${normalised.slice(index + 1)}`);
  }
  return keys;
}
