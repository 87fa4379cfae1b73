import { expect, it } from 'vitest';
import type { Dataset } from '../../src/datasets/index.ts';
import { fitCatalogue } from '../../src/demo/fit-catalogue.ts';

const dataset: Dataset = {
  name: 'shelf',
  source: 'made here',
  items: Array.from({ length: 400 }, (_, at) => ({
    id: `i${at}`,
    title: 'one',
    text: 'word '.repeat(100),
    payload: {},
  })),
  queries: [{ id: 'q', text: 'word', split: 'test' }],
  qrels: new Map([['q', new Map([['i7', 1]])]]),
  sessions: [{ sessionId: 's', queryId: 'q', query: 'word', shown: ['i1', 'i2'], clicked: ['i1'], isSimulated: false }],
  withheld: new Set(),
  isFullyJudged: false,
  warnings: [],
};

it('keeps every item where shorter texts are enough', () => {
  const fitted = fitCatalogue(dataset, { seed: 1, wordsMax: 20_000 });
  expect(fitted).toMatchObject({ parts: { partWordsMax: 40 }, note: null });
  expect(fitted.dataset.items).toHaveLength(400);
});

it('keeps all that people saw or judged where items have to be left out, and says how many', () => {
  const fitted = fitCatalogue(dataset, { seed: 1, wordsMax: 1_000 });
  const ids = fitted.dataset.items.map(({ id }) => id);
  expect(ids.length).toBeLessThan(60);
  expect(ids.length).toBeGreaterThan(20);
  expect(ids).toEqual(expect.arrayContaining(['i1', 'i2', 'i7']));
  expect(fitted.note).toContain(`${ids.length} of 400 items`);
});
