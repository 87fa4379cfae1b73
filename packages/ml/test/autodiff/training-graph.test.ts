import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { differentiate, prepareModel, selfCheckGradients, upgradeOpset } from '../../src/autodiff/index.ts';
import { dataTypes, GraphBuilder, makeValueInfo, type OnnxModel, opsetOf } from '../../src/onnx/index.ts';
import { relativeDistance, runTraining } from '../graphs/compare-gradients.ts';
import { buildTraining } from '../graphs/encoder-families.ts';
import { makeTextFeeds } from '../graphs/encoder-feeds.ts';
import { buildBert } from '../graphs/tiny-encoders.ts';

const form = { opset: 14, decomposed: true };

function toModel(graph: GraphBuilder, opset = 20): OnnxModel {
  return {
    opsetImport: [
      { domain: '', version: opset },
      { domain: 'com.microsoft', version: 1 },
    ],
    metadataProps: [],
    graph: {
      name: 'small',
      node: graph.nodes,
      initializer: graph.initializers,
      input: [makeValueInfo('x', dataTypes.float, ['rows', 4])],
      output: [{ name: 'loss' }],
      valueInfo: [],
    },
  };
}

const matrix = (rows: number) => ({ x: new Tensor('float32', new Float32Array(rows * 4).fill(0.5), [rows, 4]) });
const probes = [matrix(2), matrix(3)] as const;

function sumLoss(graph: GraphBuilder, y: string): OnnxModel {
  graph.op('ReduceSum', [y], { attributes: { keepdims: 0 }, output: 'loss' });
  return toModel(graph);
}

function weighted(): GraphBuilder {
  const graph = new GraphBuilder();
  graph.init('w', [4], Float32Array.of(1, 2, 3, 4));
  return graph;
}

describe('a training graph', () => {
  it('outputs the loss, one gradient per weight, then the kept values; weights are its inputs', async () => {
    const graph = weighted();
    const y = graph.op('Mul', ['x', 'w'], { output: 'y' });
    const training = await differentiate({
      model: sumLoss(graph, y),
      loss: 'loss',
      trainable: ['w'],
      probes,
      keep: ['y'],
    });
    expect(training.model.graph.output.map((output) => output.name)).toEqual(['loss', 'grad:w', 'y']);
    expect(training.model.graph.input.map((input) => input.name)).toEqual(['x', 'w']);
    expect(training.gradients).toEqual([{ name: 'w', dims: [4] }]);
    expect((await runTraining({ training, feeds: matrix(3) })).get('w')).toEqual(Float32Array.of(1.5, 1.5, 1.5, 1.5));
  });

  it('uses standard operators only', async () => {
    const { training } = await buildTraining('bert', { opset: 17, decomposed: false });
    expect(training.model.graph.node.filter((node) => node.domain)).toEqual([]);
    expect(training.model.graph.node.map((node) => node.opType)).not.toContain('ScatterND');
  });

  it('leaves the given model as it was', async () => {
    const graph = weighted();
    const normal = graph.op('LayerNormalization', [graph.op('Mul', ['x', 'w']), 'w']);
    const model = sumLoss(graph, normal);
    const before = structuredClone(model);
    await differentiate({ model, loss: 'loss', trainable: ['w'], probes });
    expect(model).toEqual(before);
  });

  it('gives sparse tables as rows that add up to the dense gradient', async () => {
    const dense = await buildTraining('bert', form);
    const sparse = await buildTraining('bert', form, ['words', 'positions']);
    expect(sparse.training.gradients.map(({ name }) => name)).not.toContain('words');
    expect(sparse.training.sparse.map(({ name }) => name).sort()).toEqual(['positions', 'words']);
    const feeds = makeTextFeeds(6, 6);
    const wanted = await runTraining({ training: dense.training, feeds });
    const found = await runTraining({ training: sparse.training, feeds });
    expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [name, gradient] of wanted)
      expect(relativeDistance(gradient, found.get(name) ?? [], 1e-3)).toBeLessThan(1e-4);
  });

  it('adds up rows of a large table that repeat, at several threads', async () => {
    const graph = new GraphBuilder();
    graph.init('w', [3000, 4], new Float32Array(12000));
    const ids = graph.op('Cast', ['x'], { attributes: { to: dataTypes.int64 } });
    const model = sumLoss(graph, graph.op('Gather', ['w', ids]));
    const training = await differentiate({ model, loss: 'loss', trainable: ['w'], probes });
    const x = new Tensor(
      'float32',
      Float32Array.from({ length: 8000 }, (_, i) => (i % 2) * 2999),
      [2000, 4],
    );
    const gradient = (await runTraining({ training, feeds: { x }, runtime: { threads: 2, optimization: 'all' } })).get(
      'w',
    );
    expect([gradient?.[0], gradient?.[4], gradient?.[11999]]).toEqual([4000, 0, 4000]);
  });

  it('keeps weights apart that the exporter stored once', async () => {
    const graph = weighted();
    const copy = graph.op('Identity', ['w'], { output: 'copy' });
    const model = sumLoss(graph, graph.op('Add', [graph.op('Mul', ['x', 'w']), copy]));
    const training = await differentiate({ model, loss: 'loss', trainable: ['w', 'copy'], probes });
    const gradients = await runTraining({ training, feeds: matrix(2) });
    expect(gradients.get('w')).toEqual(Float32Array.of(1, 1, 1, 1));
    expect(gradients.get('copy')).toEqual(Float32Array.of(2, 2, 2, 2));
  });
});

describe('what cannot be differentiated', () => {
  const attempt = (graph: GraphBuilder, y: string, options = {}) =>
    differentiate({ model: sumLoss(graph, y), loss: 'loss', trainable: ['w'], probes, ...options });

  it('names the operator and the node without a rule', async () => {
    const graph = weighted();
    const y = graph.op('LongformerAttention', [graph.op('Mul', ['x', 'w']), 'w'], { domain: 'com.microsoft' });
    await expect(attempt(graph, y)).rejects.toThrow(
      'No gradient rule for com.microsoft::LongformerAttention (node n1_LongformerAttention)',
    );
    const other = weighted();
    await expect(attempt(other, other.op('CumSum', [other.op('Mul', ['x', 'w']), other.int(0)]))).rejects.toThrow(
      'No gradient rule for ai.onnx::CumSum (node n1_CumSum)',
    );
  });

  it('names the form that has no gradient', async () => {
    const graph = weighted();
    const inputs = [graph.op('Mul', ['x', 'w']), graph.int([3]), graph.int([0]), graph.int([1]), graph.int([-1])];
    await expect(attempt(graph, graph.op('Slice', inputs))).rejects.toThrow(
      /ai\.onnx::Slice \(node n1_Slice\): steps other than 1/,
    );
  });

  it('refuses weights and values that are not there or not reached', async () => {
    const graph = weighted();
    graph.init('unused', [1], Float32Array.of(1));
    const y = graph.op('Mul', ['x', 'w']);
    const model = sumLoss(graph, y);
    const run = (options: object) => differentiate({ model, loss: 'loss', trainable: ['w'], probes, ...options });
    await expect(run({ trainable: ['missing'] })).rejects.toThrow('The model has no weight named missing that');
    await expect(run({ trainable: ['w', 'unused'] })).rejects.toThrow(
      'no weight named unused that the loss depends on',
    );
    await expect(run({ loss: 'nothing' })).rejects.toThrow('The graph computes no value named nothing');
    await expect(run({ probes: [{}, {}] })).rejects.toThrow('No value was given for the graph input x');
    await expect(run({ loss: y, keep: [] })).rejects.toThrow(`The loss ${y} must be one number, not [2, 4]`);
    await expect(run({ probes: [matrix(1), matrix(3)] })).rejects.toThrow(/varying size that is 1 in a probe run/);
  });

  it('refuses half precision on the trained path', async () => {
    const graph = weighted();
    const half = graph.op('Cast', [graph.op('Mul', ['x', 'w'])], { attributes: { to: dataTypes.float16 } });
    const back = graph.op('Cast', [half], { attributes: { to: dataTypes.float } });
    await expect(attempt(graph, back)).rejects.toThrow(/is float16: trained parts of a model must be float32/);
  });

  it('refuses a graph with a cycle instead of running for ever', async () => {
    const graph = weighted();
    graph.op('Add', ['b', 'w'], { output: 'a' });
    graph.op('Add', ['a', 'x'], { output: 'b' });
    await expect(attempt(graph, 'b')).rejects.toThrow(/cycle through node/);
  });
});

describe('preparing a model', () => {
  it('fuses every decomposed LayerNorm and GELU, and changes nothing the second time', () => {
    const prepared = prepareModel(buildBert(form));
    const count = (opType: string) => prepared.graph.node.filter((node) => node.opType === opType).length;
    expect([count('LayerNormalization'), count('Gelu'), count('Erf'), count('Pow')]).toEqual([5, 2, 0, 0]);
    expect(opsetOf(prepared)).toBe(20);
    expect(prepareModel(prepared)).toEqual(prepared);
  });

  it('keeps a value inside a pattern that is an output of the graph', () => {
    const model = buildBert(form);
    const inner = model.graph.node.find((node) => node.opType === 'Erf')?.output[0] ?? '';
    const exposed = { ...model, graph: { ...model.graph, output: [...model.graph.output, { name: inner }] } };
    expect(prepareModel(exposed).graph.node.flatMap((node) => node.output)).toContain(inner);
  });

  it('refuses operator sets it does not know the old forms of', () => {
    expect(() => upgradeOpset(toModel(weighted(), 9))).toThrow('The model uses opset 9');
  });
});

describe('the gradient self-check', () => {
  it('passes a right training graph at one and two threads', async () => {
    const { training } = await buildTraining('bert', form, ['words']);
    const result = await selfCheckGradients({ training, feeds: makeTextFeeds(6, 6), seed: 1 });
    expect(result.passed).toBe(true);
    expect(result.checks.map(({ threads }) => threads)).toEqual([1, 1, 1, 2, 2, 2]);
    expect(Math.max(...result.checks.map(({ error }) => error))).toBeLessThan(0.02);
  });

  it('fails a training graph whose gradient of one weight is wrong', async () => {
    const { training } = await buildTraining('bert', form);
    const [{ name } = { name: '' }] = training.gradients.filter((gradient) => gradient.name.endsWith('inner.weight'));
    const wrong = new GraphBuilder('wrong_');
    const node = training.model.graph.node.map((item) =>
      item.output[0] === `grad:${name}` ? { ...item, output: ['right'] } : item,
    );
    wrong.op('Mul', ['right', wrong.float(-1)], { output: `grad:${name}` });
    const graph = {
      ...training.model.graph,
      node: [...node, ...wrong.nodes],
      initializer: [...training.model.graph.initializer, ...wrong.initializers],
    };
    const broken = { ...training, model: { ...training.model, graph } };
    const result = await selfCheckGradients({ training: broken, feeds: makeTextFeeds(6, 6), seed: 1 });
    expect(result.passed).toBe(false);
  });
});
