import { expect, test } from 'vitest';
import { mergeExpanded, mixVectors, textsToEmbed, wordsOfExpansions } from '../src/search/apply-expansions.ts';

const expansions = [
  { text: 't-shirt', weight: 0.5 },
  { text: 'top', weight: 0.25 },
];

test('a query without expansions stays what it was', () => {
  const vector = Float32Array.of(0.6, 0.8);
  expect(mixVectors([vector], [])).toBe(vector);
  expect(wordsOfExpansions([])).toBeNull();
  expect(textsToEmbed({ text: 'tee', expansions: [] })).toEqual(['tee']);
});

test('expansions turn the query by their weight', () => {
  const vectors = [Float32Array.of(1, 0, 0), Float32Array.of(0, 1, 0), Float32Array.of(0, 0, 1)];
  const length = Math.hypot(1, 0.5, 0.25);
  const mixed = mixVectors(vectors, expansions) ?? [];
  expect([...mixed]).toEqual([1 / length, 0.5 / length, 0.25 / length].map((value) => expect.closeTo(value, 6)));
  const opposite = [Float32Array.of(1, 0), Float32Array.of(-1, 0)];
  expect([...(mixVectors(opposite, [{ text: 'x', weight: 1 }]) ?? [])]).toEqual([1, 0]);
});

/** `of`: its place among the words' hits, and the scale of its query. */
const found = (itemId: string, lexical: number, of: { rank: number | null; scale?: number }) => {
  return { itemId, lexical, lexicalRank: of.rank, lexicalScale: of.scale ?? 4, cosine: 0.5 };
};

test('words of expansions add to the words of the query, by their weight', () => {
  expect(wordsOfExpansions(expansions)).toEqual({ text: 't-shirt top', weight: 0.5 });
  const own = [found('both', 3, { rank: 2 }), found('meaning alone', 0, { rank: null })];
  const expanded = [found('both', 2, { rank: 1, scale: 6 }), found('expansion alone', 5, { rank: 3, scale: 6 })];
  expect(mergeExpanded(own, expanded, 0.5)).toEqual([
    found('both', 4, { rank: 1 }),
    found('meaning alone', 0, { rank: null }),
    found('expansion alone', 2.5, { rank: 3 }),
  ]);
});

test('where no word of the query is known the expansions make the scale', () => {
  const merged = mergeExpanded(
    [found('near', 0, { rank: null, scale: 0 })],
    [found('other', 5, { rank: 1, scale: 10 })],
    0.5,
  );
  expect(merged.map(({ lexicalScale }) => lexicalScale)).toEqual([5, 5]);
});
