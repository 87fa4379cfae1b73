import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dataTypes,
  decodeModel,
  encodeModel,
  GraphBuilder,
  makeTensor,
  type OnnxModel,
} from '@embedding-studio/ml/onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkModel } from '../../../ml/src/trainer/check-model.ts';
import { parseModelReference } from '../../src/model-source/import/model-reference.ts';
import { type ImportModelOptions, importModel } from '../../src/model-source/index.ts';
import { cosine, runGraph } from './run-encoder.ts';
import { toSafetensors } from './tiny-bert.ts';

const fixtures = new URL('../fixtures/encoders/', import.meta.url).pathname;
const exported = new URL('../../../ml/test/fixtures/torch/', import.meta.url).pathname;
const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];
const letters = [...'abcdefghijklmnopqrstuvwxyz'];

/** One token a letter, so that any text is made of known ones. */
function tokenizerJson(ends = [2, 3]): string {
  const vocab = Object.fromEntries(
    [...special, ...letters, ...letters.slice(0, 8).map((letter) => `##${letter}`)].map((token, id) => [token, id]),
  );
  const [first = 2, last = 3] = ends;
  return JSON.stringify({
    ...{ version: '1.0', truncation: { max_length: 3 }, padding: { strategy: 'BatchLongest' } },
    added_tokens: special.map((content, id) => ({ id, content, special: true })),
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: 'Split', pattern: { Regex: '[a-z]' }, behavior: 'Removed', invert: true },
    post_processor: {
      ...{ type: 'TemplateProcessing', pair: [] },
      single: [
        { SpecialToken: { id: 'start', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: 'end', type_id: 0 } },
      ],
      special_tokens: {
        start: { id: 'start', ids: [first], tokens: ['[CLS]'] },
        end: { id: 'end', ids: [last], tokens: ['[SEP]'] },
      },
    },
    decoder: null,
    model: {
      ...{ type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100 },
      vocab,
    },
  });
}

describe('importModel', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'import-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const importFrom = (source: string, changes: Partial<ImportModelOptions> = {}) =>
    importModel({
      ...{ source, cacheFolder: join(root, 'cache'), signal: new AbortController().signal },
      allowedSources: new Set(['folder'] as const),
      ...changes,
    });
  const check = (folder: string) => checkModel(folder, { isAborted: () => false, warn: () => {} });

  async function layOut(family: string, extra: Record<string, string | Uint8Array> = {}, at = ''): Promise<string> {
    const folder = await mkdtemp(join(root, `${family}-`));
    await mkdir(join(folder, at), { recursive: true });
    for (const name of ['config.json', 'model.safetensors'])
      await copyFile(join(fixtures, family, name), join(folder, at, name));
    const own = { [join(at, 'tokenizer.json')]: tokenizerJson(family === 'clip' ? [38, 39] : undefined), ...extra };
    for (const [name, content] of Object.entries(own)) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  }

  async function layOutExport(model: OnnxModel | string, extra: Record<string, string> = {}): Promise<string> {
    const folder = await mkdtemp(join(root, 'export-'));
    if (typeof model === 'string') await copyFile(join(exported, model), join(folder, 'model.onnx'));
    else await writeFile(join(folder, 'model.onnx'), encodeModel(model));
    for (const [name, text] of Object.entries({ 'tokenizer.json': shortTokenizer(), ...extra }))
      await writeFile(join(folder, name), text);
    return folder;
  }

  // The stored exports know thirty tokens.
  function shortTokenizer(): string {
    const tokenizer = JSON.parse(tokenizerJson());
    tokenizer.model.vocab = Object.fromEntries(Object.entries(tokenizer.model.vocab).slice(0, 30));
    return JSON.stringify(tokenizer);
  }

  it.each(['bert', 'roberta', 'mpnet', 'distilbert', 'clip'])(
    '%s: gives an artefact that passes the self-check',
    async (family) => {
      const { folder, manifest, notes } = await importFrom(await layOut(family), {
        name: `My ${family}`,
        licence: 'MIT',
      });
      expect(manifest).toMatchObject({
        name: `my-${family}`,
        licence: 'MIT',
        parentId: null,
        dims: family === 'clip' ? 12 : 16,
      });
      expect(manifest.source).toMatch(/^folder:.*#sha256=[0-9a-f]{64}$/);
      expect(notes[0]).toContain(family);
      const found = await check(folder);
      expect(found.gradients.map(({ threads }) => threads)).toEqual([1, 1, 1, 2, 2, 2]);
      if (family === 'clip')
        expect(manifest).toMatchObject({ image: { side: 12 }, files: { 'image.onnx': expect.any(String) } });
    },
  );

  it('reads a sentence encoder of several modules: pooling, dense layer, prompts, longest text', async () => {
    const weights = new Map([
      ['linear.weight', { dims: [5, 16], values: Float32Array.from({ length: 80 }, (_, i) => Math.cos(i)) }],
    ]);
    const modules = ['Transformer:0_T', 'Pooling:1_Pooling', 'Dense:2_Dense', 'Normalize:3_Normalize'].map((text) => {
      const [type, path] = text.split(':');
      return { type: `sentence_transformers.models.${type}`, path };
    });
    const source = await layOut(
      'bert',
      {
        'modules.json': JSON.stringify(modules),
        '1_Pooling/config.json': JSON.stringify({ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }),
        '2_Dense/config.json': JSON.stringify({ in_features: 16, out_features: 5, bias: false }),
        '2_Dense/model.safetensors': toSafetensors(weights),
        'config_sentence_transformers.json': JSON.stringify({ prompts: { query: 'q: ', passage: 'p: ' } }),
        '0_T/sentence_bert_config.json': JSON.stringify({ max_seq_length: 12 }),
      },
      '0_T',
    );
    const { folder, manifest, notes } = await importFrom(source);
    expect(manifest).toMatchObject({ dims: 5, maxTokens: 12, queryPrefix: 'q: ', itemPrefix: 'p: ' });
    expect(notes).toEqual(['bert written from its weights, pooled by cls', '1 dense layer(s) behind the pooling']);
    const [vector = []] = await runGraph(join(folder, 'model.onnx'), [[2, 5, 3]]);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  it.each(['bert-opset11.onnx', 'distilbert-opset14.onnx', 'bert-opset17.onnx'])(
    '%s: pooling is put behind an export in its own operator set, and it can be trained',
    async (file) => {
      const { folder, manifest } = await importFrom(await layOutExport(file), { pooling: 'mean', maxTokens: 16 });
      const [short, padded] = await Promise.all([
        runGraphOf(folder, [[2, 7, 3]]),
        runGraphOf(folder, [
          [2, 7, 3],
          [2, 7, 8, 9, 3],
        ]),
      ]);
      expect(cosine(short[0], padded[0])).toBeCloseTo(1, 5);
      expect(manifest.maxTokens).toBe(16);
      await check(folder);
    },
  );
  const runGraphOf = (folder: string, rows: number[][]) => runGraph(join(folder, 'model.onnx'), rows);

  it('widens a 16-bit export, whose vectors stay where they were', async () => {
    const wide = decodeModel(await readFile(join(exported, 'distilbert-opset14.onnx')));
    const narrow = narrowed(wide);
    const [a, b] = await Promise.all([
      importFrom(await layOutExport(wide), { maxTokens: 16 }),
      importFrom(await layOutExport(narrow), { name: 'half', maxTokens: 16 }),
    ]);
    expect(b.notes).toContain('16-bit values were widened to float32, for training and serving alike');
    const [[before], [after]] = await Promise.all([
      runGraphOf(a.folder, [[2, 9, 3]]),
      runGraphOf(b.folder, [[2, 9, 3]]),
    ]);
    expect(cosine(before, after)).toBeGreaterThan(0.9999);
    await check(b.folder);
  });

  it.each([
    ['a pickled checkpoint', { 'pytorch_model.bin': 'x' }, 'runs code when it is read'],
    ['nothing', {}, 'there is no model.safetensors and no model.onnx'],
  ])('refuses %s and says what to do', async (_, files, reason) => {
    const folder = await mkdtemp(join(root, 'bare-'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await expect(importFrom(folder)).rejects.toThrow(reason);
  });

  it.each([
    ['a module that is not known', { 'modules.json': JSON.stringify([{ type: 'x.LSTM', path: '' }]) }, 'module LSTM'],
    [
      'a module outside',
      { 'modules.json': JSON.stringify([{ type: 'x.Transformer', path: '../..' }]) },
      'not a name inside',
    ],
    ['a family that is not known', { 'config.json': JSON.stringify({ model_type: 't5' }) }, 'is that of a t5 model'],
    ['a damaged config', { 'config.json': '{' }, 'config.json is not JSON'],
    [
      'an index that leads outside',
      { 'model.safetensors.index.json': JSON.stringify({ weight_map: { w: '/etc/passwd' } }) },
      'not a name inside',
    ],
  ])('refuses %s', async (_, files, reason) => {
    await expect(importFrom(await layOut('bert', files))).rejects.toThrow(reason);
  });

  it('refuses a quantised export with a word on what to take instead, and inputs it cannot feed', async () => {
    const model = decodeModel(await readFile(join(exported, 'bert-opset17.onnx')));
    const quantized = structuredClone(model);
    quantized.graph.node.push({ input: ['input_ids'], output: ['z'], opType: 'DynamicQuantizeLinear', attribute: [] });
    await expect(importFrom(await layOutExport(quantized))).rejects.toThrow(
      'Import the float export of the same model',
    );
    const positions = structuredClone(model);
    positions.graph.input.push({ name: 'position_ids' });
    await expect(importFrom(await layOutExport(positions))).rejects.toThrow('its graph asks for position_ids');
  });

  it('holds the weights to a pinned hash', async () => {
    await expect(importFrom(await layOut('bert'), { sha256: 'ab'.repeat(32) })).rejects.toThrow('was asked for');
  });

  it('fetches from a hub what it reads and nothing else, and only where that source is allowed', async () => {
    const asked: string[] = [];
    const source = await layOut('bert');
    const hub = createServer(async (request, response) => {
      const name = (request.url ?? '').replace('/org/tiny/resolve/v1.2/', '');
      asked.push(name);
      const body = await readFile(join(source, name)).catch(() => null);
      response.writeHead(body ? 200 : 404).end(body);
    });
    await new Promise<void>((ready) => hub.listen(0, '127.0.0.1', ready));
    const hubUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
    try {
      const { manifest } = await importFrom('hub:org/tiny@v1.2', { allowedSources: new Set(['hub'] as const), hubUrl });
      expect(manifest.source).toMatch(/^hub:org\/tiny@v1\.2#sha256=/);
      expect(asked.filter((name) => /safetensors|onnx|bin/.test(name))).toEqual(['model.safetensors']);
      await expect(importFrom('org/tiny', { hubUrl })).rejects.toThrow('STUDIO_SOURCES');
    } finally {
      hub.closeAllConnections();
      await new Promise((closed) => hub.close(closed));
    }
  });
});

/** Weights and results in 16 bits, with a cast at the end, as exporters write it. */
function narrowed(model: OnnxModel): OnnxModel {
  const toHalf = (value: number) => {
    const [bits = 0] = new Uint32Array(Float32Array.of(value).buffer);
    const exponent = ((bits >> 23) & 255) - 112;
    if (exponent <= 0) return (bits >> 16) & 0x8000;
    return ((bits >> 16) & 0x8000) | (Math.min(exponent, 30) << 10) | ((bits >> 13) & 1023);
  };
  const initializer = model.graph.initializer.map((tensor) => {
    if (tensor.dataType !== dataTypes.float) return tensor;
    const raw = tensor.rawData ?? new Uint8Array();
    const values = new Float32Array(Uint8Array.from(raw).buffer);
    return makeTensor(tensor.name ?? '', tensor.dims, {
      dataType: dataTypes.float16,
      values: Uint16Array.from(values, toHalf),
    });
  });
  const builder = new GraphBuilder('half_');
  const output = model.graph.output[0]?.name ?? '';
  const node = model.graph.node.map((item) => ({
    ...item,
    output: item.output.map((name) => (name === output ? 'half_result' : name)),
    attribute: item.attribute.map((one) =>
      item.opType === 'Cast' && one.name === 'to' && one.i === 1n ? { ...one, i: 10n } : one,
    ),
  }));
  builder.op('Cast', ['half_result'], { attributes: { to: dataTypes.float }, output });
  return { ...model, graph: { ...model.graph, initializer, node: [...node, ...builder.nodes], valueInfo: [] } };
}

describe('what a source may be called', () => {
  it('tells folders, models of the hub and packages apart', () => {
    expect(parseModelReference('/models/x')).toEqual({ kind: 'folder', path: '/models/x' });
    expect(parseModelReference('BAAI/bge-small')).toEqual({
      kind: 'hub',
      repository: 'BAAI/bge-small',
      revision: 'main',
    });
    expect(parseModelReference('hub:a/b@v2')).toEqual({ kind: 'hub', repository: 'a/b', revision: 'v2' });
    expect(parseModelReference('pypi:some-model==1.0')).toEqual({ kind: 'pypi', requirement: 'some-model==1.0' });
  });

  it.each([
    'model',
    'a/b/c',
    'a/../b',
    'hub:a/b@../c',
    'pypi:--index-url=x',
    'pypi:a @ file:///x',
    'http://h/x',
    'a/b?x',
    '',
  ])('refuses %j', (text) =>
    expect(() => parseModelReference(text)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' })),
  );
});
