import { expect, it } from 'vitest';
import { chooseParts } from '../../src/eval/choose-parts.ts';

const itemsOf = (count: number, words: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `i${index}`,
    title: 'title',
    text: 'word '.repeat(words),
    payload: {},
  }));

it('embeds long texts whole where the catalogue is small', () => {
  expect(chooseParts(itemsOf(500, 240))).toEqual({ partWordsMax: 80, partsMax: 3 });
});

it('embeds less of every item the more words the catalogue has', () => {
  expect(chooseParts(itemsOf(4_000, 240))).toEqual({ partWordsMax: 80, partsMax: 2 });
  expect(chooseParts(itemsOf(5_000, 240))).toEqual({ partWordsMax: 80, partsMax: 1 });
  expect(chooseParts(itemsOf(20_000, 240))).toEqual({ partWordsMax: 24, partsMax: 1 });
  expect(chooseParts(itemsOf(40_000, 240))).toEqual({ partWordsMax: 16, partsMax: 1 });
  expect(chooseParts(itemsOf(5_000, 240), 210_000)).toEqual({ partWordsMax: 40, partsMax: 1 });
});
