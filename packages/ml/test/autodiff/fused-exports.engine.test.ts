import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { differentiate, type Feeds, prepareModel, withSession } from '../../src/autodiff/index.ts';
import {
  type AttributeValue,
  dataTypes,
  decodeModel,
  GraphBuilder,
  makeValueInfo,
  type OnnxModel,
} from '../../src/onnx/index.ts';
import { findLayerWeights } from '../../src/trainer/find-layer-weights.ts';
import { compareWithDifferences } from '../graphs/compare-gradients.ts';
import { makeTextFeeds } from '../graphs/encoder-feeds.ts';
import { createNormalSource } from '../graphs/random-normal.ts';
import { appendRankingLoss } from '../graphs/ranking-loss.ts';

interface FusedCase {
  readonly name: string;
  readonly opType: string;
  /** Floats by shape, whole numbers by value; an empty text is an input left out. */
  readonly inputs: readonly (readonly number[] | { ints: readonly number[]; dims: readonly number[] } | '')[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly outputs?: number;
  /** Outputs that are compared; the first alone must be given, others may be left unnamed. */
  readonly shown?: readonly number[];
  readonly domain?: string;
}

const hidden = [2, 5, 8];
const vector = [8];
const projection = [8, 24];
const heads = { num_heads: 2 };
const lengths = { ints: [3, 5], dims: [2] };
const columnMask = { ints: [1, 1, 0, 0, 0, 1, 1, 1, 1, 0], dims: [2, 5] };
const cellMask = { ints: Array.from({ length: 50 }, (_, i) => (i % 5 <= i % 4 ? 1 : 0)), dims: [2, 5, 5] };
const ids = { ints: [1, 2, 3, 4, 0, 5, 6, 3, 1, 0], dims: [2, 5] };
const types = { ints: [0, 0, 1, 1, 1, 0, 1, 1, 0, 0], dims: [2, 5] };

const cases: readonly FusedCase[] = [
  { name: 'without a mask', opType: 'Attention', inputs: [hidden, projection, [24]], attributes: heads },
  { name: 'with lengths', opType: 'Attention', inputs: [hidden, projection, [24], lengths], attributes: heads },
  { name: 'with a mask', opType: 'Attention', inputs: [hidden, projection, [24], columnMask], attributes: heads },
  { name: 'with a mask by cell', opType: 'Attention', inputs: [hidden, projection, [24], cellMask], attributes: heads },
  {
    name: 'causal, with a scale and a relative bias',
    opType: 'Attention',
    inputs: [hidden, projection, [24], columnMask, '', [1, 2, 5, 5]],
    attributes: { ...heads, unidirectional: 1, scale: { float: 0.7 } },
  },
  {
    name: 'with values of another size',
    opType: 'Attention',
    inputs: [hidden, [8, 20], [20]],
    attributes: { ...heads, qkv_hidden_sizes: [8, 8, 4] },
  },
  { name: 'plain', opType: 'MultiHeadAttention', inputs: [hidden, hidden, hidden], attributes: heads },
  {
    name: 'with bias, mask and relative bias',
    opType: 'MultiHeadAttention',
    inputs: [hidden, hidden, hidden, [24], columnMask, [1, 2, 5, 5]],
    attributes: heads,
  },
  {
    name: 'across two sequences',
    opType: 'MultiHeadAttention',
    inputs: [hidden, [2, 3, 8], [2, 3, 8]],
    attributes: { ...heads, scale: { float: 0.3 } },
  },
  { name: 'plain', opType: 'SkipLayerNormalization', inputs: [hidden, hidden, vector, vector] },
  {
    name: 'with a bias',
    opType: 'SkipLayerNormalization',
    inputs: [hidden, hidden, vector, vector, vector],
    outputs: 4,
  },
  { name: 'plain', opType: 'SkipSimplifiedLayerNormalization', inputs: [hidden, hidden, vector] },
  {
    name: 'in the standard domain',
    opType: 'SimplifiedLayerNormalization',
    inputs: [hidden, vector],
    attributes: { epsilon: { float: 1e-5 }, axis: -1 },
    domain: '',
  },
  {
    name: 'with segments and a mask',
    opType: 'EmbedLayerNormalization',
    inputs: [ids, types, [7, 8], [9, 8], [2, 8], vector, vector, columnMask],
    attributes: { epsilon: { float: 1e-5 }, mask_index_type: 1 },
    outputs: 2,
  },
  {
    name: 'without segments',
    opType: 'EmbedLayerNormalization',
    inputs: [ids, '', [7, 8], [9, 8], '', vector, vector],
    outputs: 2,
    shown: [0],
  },
  { name: 'of a matrix', opType: 'FusedMatMul', inputs: [hidden, [8, 3]], attributes: { alpha: { float: 0.25 } } },
  { name: 'right side turned', opType: 'FusedMatMul', inputs: [hidden, hidden], attributes: { transB: 1 } },
  {
    name: 'left side turned',
    opType: 'FusedMatMul',
    inputs: [hidden, hidden],
    attributes: { transA: 1, alpha: { float: 2 } },
  },
  {
    name: 'with tanh',
    opType: 'FusedGemm',
    inputs: [[3, 4], [5, 4], [5]],
    attributes: { activation: 'Tanh', transB: 1, alpha: { float: 0.5 }, beta: { float: 2 } },
  },
  { name: 'plain', opType: 'BiasGelu', inputs: [hidden, vector] },
  { name: 'plain', opType: 'FastGelu', inputs: [hidden, vector] },
  { name: 'plain', opType: 'QuickGelu', inputs: [hidden], attributes: { alpha: { float: 1.5 } } },
];

/** Inputs of the node are inputs of the graph, so that nothing can be folded away. */
function buildCase({ opType, inputs, attributes, outputs = 1, shown, domain = 'com.microsoft' }: FusedCase) {
  const normal = createNormalSource(11);
  const builder = new GraphBuilder();
  const feeds: Record<string, Tensor> = {};
  const input = inputs.flatMap((item, at) => {
    if (item === '') return [];
    const name = `in${at}`;
    const isInts = 'ints' in item;
    const dims = isInts ? item.dims : item;
    const count = dims.reduce((a, b) => a * b, 1);
    feeds[name] = isInts
      ? new Tensor('int32', Int32Array.from(item.ints), [...dims])
      : new Tensor('float32', Float32Array.from({ length: count }, normal), [...dims]);
    return [makeValueInfo(name, isInts ? dataTypes.int32 : dataTypes.float, dims)];
  });
  const names = inputs.map((item, at) => (item === '' ? '' : `in${at}`));
  const made = builder.ops(opType, names, { domain, count: outputs, ...(attributes ? { attributes } : {}) });
  const output = shown ? made.filter((_, at) => shown.includes(at)) : made;
  // A norm may leave out its statistics, which only training kernels give; a lookup must name its lengths.
  const unnamed = (name: string, at: number) => (at > 1 || outputs > 2 ? output.includes(name) : true);
  const node = builder.nodes.map((one) => ({
    ...one,
    output: one.output.map((name, at) => (unnamed(name, at) ? name : '')),
  }));
  const model: OnnxModel = {
    irVersion: 8,
    opsetImport: [
      { domain: '', version: 17 },
      { domain: 'com.microsoft', version: 1 },
    ],
    metadataProps: [],
    graph: { name: 'case', node, initializer: [], input, output: output.map((name) => ({ name })), valueInfo: [] },
  };
  return { model, feeds };
}

async function runAll(model: OnnxModel, feeds: Feeds) {
  const results = await withSession(model, { threads: 1, optimization: 'disabled' }, (run) => run(feeds));
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array)]),
  );
}

function largestGap(found: Record<string, number[]>, wanted: Record<string, number[]>): number {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  const gaps = Object.entries(wanted).flatMap(([name, values]) =>
    values.map((value, i) => Math.abs(value - (found[name]?.[i] ?? Number.NaN))),
  );
  return Math.max(...gaps);
}

describe('fused operators taken apart', () => {
  it.each(cases)('$opType $name: as ONNX Runtime itself computes it', async (fused) => {
    const { model, feeds } = buildCase(fused);
    const plain = prepareModel(model);
    expect(
      plain.graph.node.filter(({ domain, opType }) => domain || opType === 'SimplifiedLayerNormalization'),
    ).toEqual([]);
    expect(largestGap(await runAll(plain, feeds), await runAll(model, feeds))).toBeLessThan(1e-5);
  });

  it.each([
    ['a past state', 'Attention', { 4: [2, 2, 2, 3, 4] }],
    ['a past state', 'MultiHeadAttention', { 1: hidden, 2: hidden, 6: [2, 2, 3, 4], 7: [2, 2, 3, 4] }],
    ['packed into one tensor', 'MultiHeadAttention', {}],
  ])('says what it cannot take apart: %s', (reason, opType, given) => {
    const extra = Object.fromEntries(Object.entries(given));
    const inputs = Array.from({ length: 8 }, (_, at) =>
      at === 0 ? hidden : at === 1 && opType === 'Attention' ? projection : (extra[at] ?? ''),
    );
    const { model } = buildCase({
      name: reason,
      opType,
      inputs: inputs.slice(0, opType === 'Attention' ? 5 : 8),
      attributes: heads,
    });
    expect(() => prepareModel(model)).toThrow(
      expect.objectContaining({ code: 'GRAPH_UNSUPPORTED', message: expect.stringContaining(reason) }),
    );
  });
});

describe('exports that ONNX Runtime has optimized', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fused-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const fixtures = new URL('../fixtures/torch/', import.meta.url);
  const probe = (rows: number, length: number): Feeds => {
    const feeds = makeTextFeeds(rows, length);
    const small = BigInt64Array.from(feeds.input_ids?.data as BigInt64Array, (id) => id % 29n);
    return { ...feeds, input_ids: new Tensor('int64', small, [rows, length]) };
  };

  async function optimize(file: string): Promise<{ original: OnnxModel; optimized: OnnxModel }> {
    const source = readFileSync(new URL(file, fixtures));
    const target = join(folder, file);
    const session = await InferenceSession.create(source, {
      graphOptimizationLevel: 'extended',
      optimizedModelFilePath: target,
      logSeverityLevel: 3,
    });
    await session.release();
    return { original: decodeModel(source), optimized: decodeModel(readFileSync(target)) };
  }

  it.each([
    ['bert-opset11.onnx', 'mean'],
    ['bert-opset17.onnx', 'mean'],
    ['distilbert-opset14.onnx', 'mean'],
    ['clip-text-opset14.onnx', 'none'],
  ] as const)('%s: the same vectors, and gradients that equal finite differences', async (file, pooling) => {
    const { original, optimized } = await optimize(file);
    const fused = new Set(optimized.graph.node.filter(({ domain }) => domain === 'com.microsoft').map((n) => n.opType));
    expect(fused.size).toBeGreaterThan(0);
    const prepared = prepareModel(optimized);
    const feeds = probe(6, 5);
    expect(largestGap(await runAll(prepared, feeds), await runAll(original, feeds))).toBeLessThan(1e-5);

    const trainable = findLayerWeights(prepared.graph).map(({ name }) => name);
    const training = await differentiate({
      model: appendRankingLoss(prepared, { pooling }),
      loss: 'loss',
      trainable,
      probes: [feeds, probe(9, 7)],
    });
    const errors = await compareWithDifferences({ training, feeds });
    expect(errors.length).toBeGreaterThan(10);
    expect(errors.filter(({ error }) => !(error < 0.02))).toEqual([]);
  });
});
