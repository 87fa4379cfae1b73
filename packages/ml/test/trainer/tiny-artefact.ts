import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelManifest, TrainingSet, TrainingSettings } from '@embedding-studio/contracts';
import { encodeModel, GraphBuilder, makeValueInfo, type OnnxModel } from '../../src/onnx/index.ts';
import { sha256 } from '../../src/trainer/model-folder.ts';
import { createSeededRandom } from '../../src/trainer/seeded-random.ts';
import { sizes } from '../graphs/encoder-parts.ts';
import { buildBert } from '../graphs/tiny-encoders.ts';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
const words = Array.from({ length: sizes.vocabulary - special.length - 1 }, (_, at) => `word${at}`);

export const tinyTokenizerJson = JSON.stringify({
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
    vocab: Object.fromEntries([...special, 'a', ...words].map((token, id) => [token, id])),
  },
});

/** Mean over the mask and unit length, as an artefact's graph ends. */
export function withPooling(model: OnnxModel): OnnxModel {
  const g = new GraphBuilder('pool:');
  const mask = g.op('Unsqueeze', [g.op('Cast', ['attention_mask'], { attributes: { to: 1 } }), g.int([-1])]);
  const total = g.op('ReduceSum', [g.op('Mul', ['hidden', mask]), g.int([1])], { attributes: { keepdims: 0 } });
  const mean = g.op('Div', [total, g.op('ReduceSum', [mask, g.int([1])], { attributes: { keepdims: 0 } })]);
  const square = g.op('ReduceSum', [g.op('Mul', [mean, mean]), g.int([-1])], { attributes: { keepdims: 1 } });
  g.op('Div', [mean, g.op('Sqrt', [square])], { output: 'sentence_embedding' });
  const { graph } = model;
  return {
    ...model,
    graph: {
      ...graph,
      node: [...graph.node, ...g.nodes],
      initializer: [...graph.initializer, ...g.initializers],
      output: [makeValueInfo('sentence_embedding', 1, ['batch', sizes.hidden])],
    },
  };
}

export const tinyBert = (layers = 2): Uint8Array =>
  encodeModel(withPooling(buildBert({ opset: 17, decomposed: true }, layers)));

export const tinyManifest: Pick<ModelManifest, 'inputs' | 'output'> = {
  inputs: ['input_ids', 'attention_mask', 'token_type_ids'],
  output: 'sentence_embedding',
};

export function writeArtefact(folder: string, onnx: Uint8Array, changes: Partial<ModelManifest> = {}): string {
  mkdirSync(folder, { recursive: true });
  const manifest = {
    ...tinyManifest,
    formatVersion: 1,
    name: 'tiny',
    dims: sizes.hidden,
    maxTokens: 16,
    queryPrefix: '',
    itemPrefix: '',
    parentId: null,
    method: null,
    trainedOn: null,
    licence: 'none',
    source: 'test',
    files: { 'model.onnx': sha256(onnx), 'tokenizer.json': sha256(tinyTokenizerJson) },
    ...changes,
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'tokenizer.json'), tinyTokenizerJson);
  writeFileSync(join(folder, 'model.onnx'), onnx);
  return folder;
}

/** Makes a trained folder loadable, as the rollout does. */
export const completeArtefact = (folder: string): string =>
  writeArtefact(folder, readFileSync(join(folder, 'model.onnx')));

export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'trainer-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Topics whose queries and items share no word: only clicks can bring them together. */
export function clusteredSet(queriesPerTopic = 7, topics = 5): TrainingSet {
  const random = createSeededRandom(5);
  const pick = (from: number, count: number) =>
    Array.from({ length: count }, () => words[from + random.below(3)] ?? 'a').join(' ');
  const itemTexts: Record<string, string> = {};
  const queries: TrainingSet['queries'] = [];
  for (let topic = 0; topic < topics; topic += 1) {
    for (let item = 0; item < 4; item += 1) itemTexts[`item-${topic}-${item}`] = pick(topic * 3 + 17, 3 + item);
    for (let at = 0; at < queriesPerTopic; at += 1) {
      queries.push({
        queryId: `query-${topic}-${at}`,
        text: `${pick(topic * 3, 2)}${' a'.repeat(at)}`,
        clicked: [0, 1].map((item) => ({ itemId: `item-${topic}-${(at + item) % 4}`, weight: 1 + item })),
        skipped: [0, 1, 2].map((item) => `item-${(topic + 1 + item) % topics}-${at % 4}`),
      });
    }
  }
  return { queries, itemTexts };
}

export function tinySettings(changes: Partial<TrainingSettings> = {}): TrainingSettings {
  return {
    loss: { kind: 'contrastive', temperature: 0.1, negativesPerQuery: 1 },
    trainable: { kind: 'all' },
    batchQueries: 12,
    accumulationSteps: 1,
    epochsMax: 5,
    stepsMax: null,
    secondsMax: null,
    learningRate: 1e-2,
    warmupShare: 0.1,
    weightDecay: 0.01,
    gradientNormMax: 1,
    maxTokens: 16,
    seed: 1,
    threads: 1,
    checkpointEverySteps: 4,
    ...changes,
  };
}
