import type { JudgedQuery } from '@embedding-studio/contracts';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { withSession } from '../../src/autodiff/index.ts';
import { dataTypes, encodeModel, GraphBuilder, makeValueInfo, type OnnxModel } from '../../src/onnx/index.ts';
import { judgeVariant, measureParity, quantizeModel } from '../../src/quantize/index.ts';
import { createNormalSource } from '../graphs/random-normal.ts';

const normal = createNormalSource(5);
const draw = (count: number, scale = 1) => Float32Array.from({ length: count }, () => scale * normal());

/** Two products that read one activation, then a Gemm of each form. */
function createModel(): OnnxModel {
  const g = new GraphBuilder();
  const first = g.op('MatMul', ['x', g.init('a', [16, 12], draw(192))]);
  const second = g.op('MatMul', ['x', g.init('b', [16, 12], draw(192, 0.01))]);
  const hidden = g.op('Relu', [g.op('Add', [first, second])]);
  const attributes = { transB: 1, alpha: { float: 0.5 } };
  const raised = g.op('Gemm', [hidden, g.init('c', [10, 12], draw(120)), g.init('bias', [10], draw(10))], {
    attributes,
  });
  g.op('Gemm', [raised, g.init('d', [10, 4], draw(40))], { output: 'y' });
  return {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    metadataProps: [],
    graph: {
      name: 'g',
      node: g.nodes,
      initializer: g.initializers,
      input: [makeValueInfo('x', dataTypes.float, ['rows', 16])],
      output: [makeValueInfo('y', dataTypes.float, ['rows', 4])],
      valueInfo: [],
    },
  };
}

async function run(model: OnnxModel, x: Float32Array): Promise<number[]> {
  const feed = new Tensor('float32', x, [x.length / 16, 16]);
  const { y } = await withSession(model, { threads: 1, optimization: 'all' }, (once) => once({ x: feed }));
  return Array.from(y?.data as Float32Array);
}

describe('an encoder in whole numbers', () => {
  const model = createModel();
  const quantized = quantizeModel(model);

  it('answers as the float one does, to about a hundredth', async () => {
    const x = draw(8 * 16);
    const [wanted, found] = await Promise.all([run(model, x), run(quantized, x)]);
    const size = Math.hypot(...wanted);
    expect(Math.hypot(...wanted.map((value, i) => value - (found[i] ?? Number.NaN))) / size).toBeLessThan(0.03);
    expect(found).not.toEqual(wanted);
  });

  it('holds no float matrix any more, rounds each activation once and is a quarter of the size', () => {
    const floats = quantized.graph.initializer.filter(({ dataType, dims }) => dataType === 1 && dims.length === 2);
    expect(floats).toEqual([]);
    const count = (opType: string) => quantized.graph.node.filter((node) => node.opType === opType).length;
    expect([count('MatMulInteger'), count('DynamicQuantizeLinear'), count('MatMul'), count('Gemm')]).toEqual([
      4, 3, 0, 0,
    ]);
    const stored = (one: OnnxModel) =>
      one.graph.initializer.reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0);
    expect(stored(quantized) / stored(model)).toBeLessThan(0.4);
  });

  it('leaves the model it was made from as it was', () => {
    expect(encodeModel(model)).toEqual(encodeModel(structuredClone(model)));
    expect(model.graph.node.map(({ opType }) => opType)).toContain('Gemm');
  });

  it('says so when there is nothing to round', () => {
    const g = new GraphBuilder();
    g.op('Relu', ['x'], { output: 'y' });
    const plain = { ...model, graph: { ...model.graph, node: g.nodes, initializer: [] } };
    expect(() => quantizeModel(plain)).toThrow('nothing to quantise');
  });
});

describe('whether it is kept', () => {
  const query = (id: string, itemId: string): JudgedQuery => ({
    ...{ queryId: id, text: id, relevant: { [itemId]: 1 }, judged: [itemId] },
  });
  const unit = (at: number) => Float32Array.from({ length: 3 }, (_, i) => (i === at ? 1 : 0));
  const items = { itemIds: ['a', 'b', 'c'], vectors: [0, 1, 2].map(unit) };
  const judged = Array.from({ length: 60 }, (_, i) => query(`q${i}`, ['a', 'b', 'c'][i % 3] ?? ''));
  const right = judged.map((_, i) => unit(i % 3));
  const wrongOnce = right.map((vector, i) => (i === 0 ? unit(1) : vector));
  const parityOf = (int8: Float32Array[], int8Items = items) =>
    measureParity({ judged, float: { queries: right, items }, int8: { queries: int8, items: int8Items } });

  it('keeps what is twice as fast and as good', async () => {
    const verdict = judgeVariant(await parityOf(right), 2.6);
    expect(verdict).toMatchObject({ kept: true, file: 'model.int8.onnx', deltaNdcg10: 0, queries: 60 });
    expect(verdict.why).toBe('2.60× as fast, nDCG@10 +0.00 % (queries alone +0.00 %) over 60 queries.');
  });

  it('drops what loses more than half a per cent, in either case', async () => {
    expect(judgeVariant(await parityOf(wrongOnce), 3)).toMatchObject({ kept: false, file: null });
    const swapped = { itemIds: ['b', 'a', 'c'], vectors: items.vectors };
    expect(judgeVariant(await parityOf(right, swapped), 3).why).toContain('it loses more than 0.5 %');
  });

  it('drops what is not twice as fast, and what few queries or a blind encoder cannot judge', async () => {
    expect(judgeVariant(await parityOf(right), 1.9).why).toContain('less than 2× as fast');
    expect(judgeVariant({ ...(await parityOf(right)), queries: 12 }, 3).why).toContain('fewer than 50 queries');
    expect(judgeVariant({ ...(await parityOf(right)), ndcg10: 0 }, 3).kept).toBe(false);
  });
});
