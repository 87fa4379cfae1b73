import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest } from '@embedding-studio/contracts';
import { encodeModel, GraphBuilder, makeValueInfo } from '@embedding-studio/ml/onnx';
import { createRandom } from '@embedding-studio/ml/ranking';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
const characters = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
const vocabulary = [...special, ...characters, ...characters.map((character) => `##${character}`)];
const dims = 32;

/** Cuts any word into its letters, so that every text has tokens of its own. */
const tokenizerJson = JSON.stringify({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: special.map((content, id) => ({ id, content, special: true })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: null,
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
  },
});

/** Rows of a table → one dense layer → mean over the mask → unit length. */
function buildOnnx(seed: number): Uint8Array {
  const g = new GraphBuilder('');
  const random = createRandom(seed);
  const values = (count: number, scale: number) =>
    new Float32Array(count).map(() => Math.fround((random() * 2 - 1) * scale));
  g.init('table', [vocabulary.length, dims], values(vocabulary.length * dims, 1));
  g.init('dense', [dims, dims], values(dims * dims, 0.5));
  const hidden = g.op('MatMul', [g.op('Gather', ['table', 'input_ids']), 'dense']);
  const mask = g.op('Unsqueeze', [g.op('Cast', ['attention_mask'], { attributes: { to: 1 } }), g.int([-1])]);
  const sum = g.op('ReduceSum', [g.op('Mul', [hidden, mask]), g.int([1])], { attributes: { keepdims: 0 } });
  const mean = g.op('Div', [sum, g.op('ReduceSum', [mask, g.int([1])], { attributes: { keepdims: 0 } })]);
  const square = g.op('ReduceSum', [g.op('Mul', [mean, mean]), g.int([-1])], { attributes: { keepdims: 1 } });
  g.op('Div', [mean, g.op('Sqrt', [square])], { output: 'sentence_embedding' });
  const ids = (input: string) => makeValueInfo(input, 7, ['batch', 'seq']);
  return encodeModel({
    irVersion: 8,
    producerName: 'test',
    opsetImport: [{ domain: '', version: 17 }],
    metadataProps: [],
    graph: {
      name: 'tiny',
      node: g.nodes,
      initializer: g.initializers,
      input: [ids('input_ids'), ids('attention_mask')],
      output: [makeValueInfo('sentence_embedding', 1, ['batch', dims])],
      valueInfo: [],
    },
  });
}

/** Writes an artefact that can be registered, served and trained; another seed makes another model. */
export async function writeTinyEncoder(folder: string, seed = 5): Promise<string> {
  const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
  const onnx = buildOnnx(seed);
  const manifest: ModelManifest = {
    ...{ formatVersion: 1, name: 'tiny', dims, maxTokens: 64, output: 'sentence_embedding' },
    ...{ inputs: ['input_ids', 'attention_mask'], queryPrefix: '', itemPrefix: '', parentId: null, method: null },
    ...{ trainedOn: null, licence: 'none', source: 'test' },
    files: { 'model.onnx': hash(onnx), 'tokenizer.json': hash(tokenizerJson) },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), onnx);
  await writeFile(join(folder, 'tokenizer.json'), tokenizerJson);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}
