import { ItemInput } from '@embedding-studio/contracts';
import { composeItem } from '@embedding-studio/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partsOf } from '../src/item/embed-parts.ts';

const settings = { partWordsMax: 4, partsMax: 3 };
const compose = (input: Partial<ItemInput> & { id: string }) => composeItem(ItemInput.parse(input), settings);

describe('composeItem', () => {
  test('the first part holds title, short metadata and the beginning of the text', () => {
    const item = compose({ id: 'a', title: 'Red Shoe', text: 'made for long walks', payload: { brand: 'Acme' } });
    expect(item.parts).toEqual(['Red Shoe. Acme. made for long', 'Red Shoe. walks']);
  });

  test('a long text becomes several parts that repeat the title, up to the limit', () => {
    const text = Array.from({ length: 30 }, (_, index) => `w${index}`).join(' ');
    const { parts } = compose({ id: 'a', title: 'T', text });
    expect(parts).toEqual(['T. w0 w1 w2 w3', 'T. w4 w5 w6 w7', 'T. w8 w9 w10 w11']);
  });

  test('metadata takes four entries of an array, leaves out long strings and addresses, and keeps the order', () => {
    const payload = {
      tags: ['1', '2', '3', '4', '5'],
      long: 'x'.repeat(81),
      url: 'https://example.org',
      last: 'z',
      n: 7,
    };
    const wide = { partWordsMax: 10, partsMax: 1 };
    expect(composeItem(ItemInput.parse({ id: 'a', title: 'T', payload }), wide).parts).toEqual(['T. 1, 2, 3, 4, z']);
  });

  test('metadata and text share the words of the first part, so that every part is as long as the setting says', () => {
    const payload = { tags: ['one', 'two', 'three', 'four'], brand: 'Acme' };
    expect(compose({ id: 'a', title: 'T', text: 'made for walks', payload }).parts).toEqual([
      'T. one, two, three, four',
      'T. made for walks',
    ]);
  });

  test('words of the payload are searched: strings, numbers, arrays and one level down, not deeper', () => {
    const payload = { year: 1999, tags: ['a', 2], deep: { near: 'yes', far: { too: 'no' } }, flag: true, gone: null };
    expect(compose({ id: 'i', text: 'body', payload }).body).toBe('body 1999 a 2 yes');
  });

  test('an item without any text is embedded by its id', () => {
    expect(compose({ id: 'sku-7' }).parts).toEqual(['sku-7']);
  });

  test('the hash follows what is searched and ignores what is not', () => {
    const base = compose({ id: 'a', title: 'T', text: 'x', payload: { on: true } });
    expect(compose({ id: 'a', title: 'T', text: ' x \n', payload: { on: false } }).contentHash).toBe(base.contentHash);
    expect(compose({ id: 'a', title: 'T', text: 'y', payload: { on: true } }).contentHash).not.toBe(base.contentHash);
    expect(compose({ id: 'a', title: 'T', text: 'x', payload: { on: 'yes' } }).contentHash).not.toBe(base.contentHash);
  });

  test('any input has between one and the greatest number of parts, none empty or with control characters', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.dictionary(fc.string(), fc.anything()), (title, text, payload) => {
        const { parts } = composeItem({ id: 'a', title, text, payload }, settings);
        expect(parts.length).toBeGreaterThanOrEqual(1);
        expect(parts.length).toBeLessThanOrEqual(settings.partsMax);
        for (const part of parts) expect(part).toMatch(/^[^\p{Cc}]+$/u);
      }),
    );
  });
});

test('a picture is one more part, alone where there is no text, and changes the content', () => {
  const plain = { id: 'p', title: '', text: '', payload: {} };
  const [one, other] = ['a', 'b'].map((digit) => ({ sha256: digit.repeat(64) }));
  const alone = composeItem({ ...plain, image: one }, settings);
  expect(alone).toMatchObject({ parts: [], image: 'a'.repeat(64) });
  expect(partsOf(alone)).toEqual([{ image: 'a'.repeat(64) }]);
  const titled = composeItem({ ...plain, title: 'A frog', image: one }, settings);
  expect(partsOf(titled)).toEqual([{ text: 'A frog' }, { image: 'a'.repeat(64) }]);
  expect(composeItem({ ...plain, image: other }, settings).contentHash).not.toBe(alone.contentHash);
  expect(partsOf(composeItem(plain, settings))).toEqual([{ text: 'p' }]);
});
