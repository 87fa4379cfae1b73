import { expect, test } from 'vitest';
import { loadTokenizer, planLengthBatches } from '../../src/text/index.ts';
import { tinyTokenizerJson } from '../trainer/tiny-artefact.ts';

const unigramJson = JSON.stringify({
  version: '1.0',
  truncation: null,
  padding: {
    strategy: 'BatchLongest',
    direction: 'Right',
    pad_to_multiple_of: null,
    pad_id: 4,
    pad_type_id: 0,
    pad_token: '<pad>',
  },
  added_tokens: [],
  normalizer: { type: 'NFKC' },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: false },
  post_processor: null,
  decoder: null,
  model: {
    type: 'Unigram',
    unk_id: 0,
    vocab: [
      ['<unk>', 0],
      ['▁red', -1],
      ['▁shoe', -2],
      ['s', -2],
      ['<pad>', -9],
      ['▁', -3],
      ['a', -4],
    ],
  },
});

test('a long text is cut before its closing special token', () => {
  const tokenizer = loadTokenizer(tinyTokenizerJson, { maxTokens: 5 });
  expect(tokenizer.tokenize('word0 word1 word2 word3 word4')).toEqual([2, 5, 6, 7, 3]);
  expect(tokenizer.tokenize('word0')).toEqual([2, 5, 3]);
});

test('a tokenizer without special tokens cuts the text itself', () => {
  const tokenizer = loadTokenizer(unigramJson, { maxTokens: 2 });
  expect(tokenizer.tokenize('red shoes')).toEqual([1, 2]);
  expect(loadTokenizer(unigramJson, { maxTokens: 9 }).tokenize('red shoes')).toEqual([1, 2, 3]);
});

test('an empty text still has a token, so that its vector is finite', () => {
  expect(loadTokenizer(tinyTokenizerJson, { maxTokens: 8 }).tokenize('   ')).toEqual([2, 3]);
  expect(loadTokenizer(unigramJson, { maxTokens: 8 }).tokenize('')).toEqual([4]);
});

test('rows are padded to the longest with the pad id, and the mask tells text from padding', () => {
  const batch = loadTokenizer(unigramJson, { maxTokens: 8 }).encodeBatch(['red shoes', 'red']);
  expect([batch.rows, batch.columns]).toEqual([2, 3]);
  expect([...batch.inputIds].map(Number)).toEqual([1, 2, 3, 1, 4, 4]);
  expect([...batch.attentionMask].map(Number)).toEqual([1, 1, 1, 1, 0, 0]);
  expect([...batch.tokenTypeIds].map(Number)).toEqual([0, 0, 0, 0, 0, 0]);
});

test('batches hold every text once, the short ones together', () => {
  const batches = planLengthBatches([9, 1, 5, 1, 7], 2);
  expect(batches).toEqual([[1, 3], [2, 4], [0]]);
  expect(planLengthBatches([], 2)).toEqual([]);
});

test.each([
  ['not JSON', '{', 8],
  ['no model', '{"version":"1.0"}', 8],
  ['no room', tinyTokenizerJson, 2],
])('%s is refused as MODEL_INVALID', (_, json, maxTokens) => {
  expect(() => loadTokenizer(json, { maxTokens })).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
});
