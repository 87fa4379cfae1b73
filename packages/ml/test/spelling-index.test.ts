import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildSpellingIndex, countEdits } from '../src/text/index.ts';

const words = ['journey', 'journal', 'travel', 'traveller', 'red', 'rod', 'ready', 'über', 'international', 'internal'];
const counted = words.map((word, at) => ({ word, items: at + 1 }));

test('finds words within two edits, fewest first and then the commonest', async () => {
  const index = await buildSpellingIndex(counted);
  const find = (word: string, edits: 1 | 2 = 2) => index.find(word, { edits, limit: 5 }).map((near) => near.word);
  expect(find('jurney')).toEqual(['journey']);
  expect(find('juorney', 1)).toEqual(['journey']);
  expect(find('trvael', 1)).toEqual(['travel']);
  expect(find('intrenational', 1)).toEqual(['international']);
  expect(find('internationa', 1)).toEqual(['international']);
  expect(find('rid', 1)).toEqual(['rod', 'red']);
  expect(find('red', 1)).toEqual(['rod']);
  expect(find('uber', 1)).toEqual(['über']);
  expect(find('nothing')).toEqual([]);
  expect(find('')).toEqual([]);
});

test('finds every word that a comparison with all of them finds', async () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 1, maxLength: 12 });
  const vocabularies = fc.uniqueArray(letters, { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(vocabularies, letters, fc.constantFrom(1 as const, 2 as const), async (known, typed, edits) => {
      const index = await buildSpellingIndex(known.map((word) => ({ word, items: 1 })));
      const found = index.find(typed, { edits, limit: 1_000 }).map((near) => near.word);
      const expected = known.filter((word) => word !== typed && countEdits(typed, word, edits) <= edits);
      expect(found.sort()).toEqual(expected.sort());
    }),
    { numRuns: 200, seed: 1 },
  );
});

test('counts a swap of neighbours as one edit, and gives up above the limit', () => {
  expect(countEdits('ab', 'ba', 2)).toBe(1);
  expect(countEdits('kitten', 'sitting', 3)).toBe(3);
  expect(countEdits('kitten', 'sitting', 2)).toBe(3);
  expect(countEdits('same', 'same', 1)).toBe(0);
  expect(countEdits('', 'abc', 2)).toBe(3);
  expect(countEdits('', 'ab', 2)).toBe(2);
});
