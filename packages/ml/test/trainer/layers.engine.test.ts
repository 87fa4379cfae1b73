import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareModel } from '../../src/autodiff/index.ts';
import { decodeModel, encodeModel, type OnnxModel } from '../../src/onnx/index.ts';
import { encodeTexts } from '../../src/trainer/encode-texts.ts';
import { resolveAliases } from '../../src/trainer/encoder-graph.ts';
import { patchWeights } from '../../src/trainer/export-weights.ts';
import { findLayerWeights } from '../../src/trainer/find-layer-weights.ts';
import { createGradientEngine } from '../../src/trainer/gradient-engine.ts';
import { addAdapters } from '../../src/trainer/low-rank-adapters.ts';
import { createSeededRandom } from '../../src/trainer/seeded-random.ts';
import { buildBert, buildClipText, buildDistilBert, buildMpnet } from '../graphs/tiny-encoders.ts';
import { tinyBert, tinyManifest, withFolder, withPooling, writeArtefact } from './tiny-artefact.ts';

const exported = { opset: 14, decomposed: true };

function layersOf(model: OnnxModel): Map<number, string[]> {
  const weights = findLayerWeights(prepareModel({ ...model, graph: resolveAliases(model.graph) }).graph);
  const layers = new Map<number, string[]>();
  for (const { name, layer } of weights) layers.set(layer, [...(layers.get(layer) ?? []), name].sort());
  return layers;
}

/** Every weight is called `onnx::Thing_<n>`, as exporters do. */
function withOpaqueNames(model: OnnxModel): OnnxModel {
  const names = new Map(model.graph.initializer.map((tensor, at) => [tensor.name ?? '', `onnx::Thing_${at}`]));
  const rename = (name: string) => names.get(name) ?? name;
  const initializer = model.graph.initializer.map((tensor) => ({ ...tensor, name: rename(tensor.name ?? '') }));
  const node = model.graph.node.map((item) => ({ ...item, input: item.input.map(rename) }));
  return { ...model, graph: { ...model.graph, initializer, node } };
}

const parts = [
  'attention.query',
  'attention.key',
  'attention.value',
  'attention.output',
  'inner',
  'outer',
  'norm1',
  'norm2',
];
const layerNames = (layer: number) =>
  parts.flatMap((part) => ['weight', 'bias'].map((kind) => `layer.${layer}.${part}.${kind}`)).sort();

test.each([
  ['with fused norms', { opset: 17, decomposed: false }],
  ['written out', exported],
])('BERT %s: each layer holds its projections, feed-forward and norms, and nothing of the embeddings', (_, form) => {
  const layers = layersOf(buildBert(form, 3));
  expect([...layers.keys()]).toEqual([0, 1, 2]);
  for (const layer of [0, 1, 2]) expect(layers.get(layer)).toEqual(layerNames(layer));
});

test.each([
  ['BERT', buildBert(exported)],
  ['DistilBERT', buildDistilBert(exported)],
  ['MPNet', buildMpnet(exported)],
  ['CLIP text', buildClipText(exported)],
])('%s: opaque weight names change nothing', (_, model) => {
  const named = layersOf(model);
  const opaque = layersOf(withOpaqueNames(model));
  expect([...opaque].map(([layer, names]) => [layer, names.length])).toEqual(
    [...named].map(([layer, names]) => [layer, names.length]),
  );
  expect([...opaque.values()].flat().every((name) => name.startsWith('onnx::Thing_'))).toBe(true);
});

test('the relative bias table of MPNet and the tables of all encoders stay frozen', () => {
  for (const model of [buildMpnet(exported), buildBert(exported), buildClipText(exported)]) {
    const names = [...layersOf(model).values()].flat();
    expect(names.filter((name) => /words|positions|segments|relative_bias|embedding/.test(name))).toEqual([]);
  }
});

test('before the norm of a layer that only its projections read, the layer already begins', () => {
  expect(layersOf(buildClipText(exported)).get(0)).toEqual(
    [...layerNames(0), 'final.norm.bias', 'final.norm.weight', 'projection'].sort(),
  );
});

test('a weight that the exporter shares through Identity is trained under the name the file stores', () => {
  const model = buildBert(exported);
  const alias = {
    input: ['layer.0.norm1.weight'],
    output: ['shared'],
    name: 'share',
    opType: 'Identity',
    attribute: [],
  };
  const use = (item: OnnxModel['graph']['node'][number]) => ({
    ...item,
    input: item.input.map((name) => (name === 'layer.1.norm1.weight' ? 'shared' : name)),
  });
  const graph = { ...model.graph, node: [alias, ...model.graph.node.map(use)] };
  const names = [...layersOf({ ...model, graph }).values()].flat();
  expect(names).toContain('layer.0.norm1.weight');
  expect(names).not.toContain('shared');
  expect(names).not.toContain('layer.1.norm1.weight');
});

test('a model with adapters and the same model with the adapters folded in give the same vectors', async () => {
  await withFolder(async (folder) => {
    const file = tinyBert();
    const trainable = { kind: 'lora', rank: 3, alpha: 6, layers: 'all' } as const;
    const loss = { kind: 'contrastive', temperature: 0.1, negativesPerQuery: 1 } as const;
    const quiet = { threads: 1, executionProviders: ['cpu'], warn: () => {} };
    const engine = await createGradientEngine(file, { manifest: tinyManifest, loss, trainable, seed: 9 }, quiet);
    await engine.release();
    const random = createSeededRandom(4);
    for (const { values } of engine.tensors)
      for (let i = 0; i < values.length; i += 1) values[i] = random.normal() * 0.3;
    expect(engine.tensors).toHaveLength(24);

    const decoded = decodeModel(file);
    const matrices = findLayerWeights(decoded.graph).filter((weight) => weight.isMatrix);
    const { graph } = addAdapters(decoded.graph, matrices, { rank: 3, alpha: 6, seed: 9 });
    const trained = new Map(engine.tensors.map((tensor) => [tensor.name, tensor.values]));
    const initializer = graph.initializer.map((tensor) => {
      const values = trained.get(tensor.name ?? '');
      return values ? { ...tensor, rawData: new Uint8Array(values.buffer) } : tensor;
    });
    const adapted = encodeModel({ ...decoded, graph: { ...graph, initializer } });
    const merged = patchWeights(file, { tensors: engine.tensors, adapters: engine.forward.adapters });

    const texts = ['word1 word2 word3', 'word9', 'word4 word4 word20 word21'];
    const vectorsOf = async (name: string, onnx: Uint8Array) => {
      const job = { modelFolder: writeArtefact(join(folder, name), onnx), texts, kind: 'item', ...quiet } as const;
      return (await encodeTexts(job, { isAborted: () => false, onProgress: () => {}, warn: () => {} })).vectors;
    };
    const [withAdapters, folded, base] = [
      await vectorsOf('a', adapted),
      await vectorsOf('m', merged),
      await vectorsOf('b', file),
    ];
    const gap = (left: Float32Array, right: Float32Array) =>
      Math.max(...left.map((value, i) => Math.abs(value - (right[i] ?? 0))));
    expect(gap(withAdapters, folded)).toBeLessThan(1e-5);
    expect(gap(base, folded)).toBeGreaterThan(0.05);
    expect(merged.length).toBe(readFileSync(join(folder, 'b', 'model.onnx')).length);
  });
});

test('a graph whose weights are all in tables is refused as untrainable', async () => {
  const { graph, ...rest } = buildBert(exported, 0);
  const file = encodeModel(withPooling({ ...rest, graph }));
  const options = {
    manifest: tinyManifest,
    loss: { kind: 'contrastive', temperature: 0.1, negativesPerQuery: 1 },
    trainable: { kind: 'all' },
    seed: 1,
  } as const;
  const opening = createGradientEngine(file, options, { threads: 1, executionProviders: ['cpu'], warn: () => {} });
  await expect(opening).rejects.toMatchObject({ code: 'GRAPH_UNSUPPORTED' });
});
