import { type ModelManifest, StudioError } from '@embedding-studio/contracts';
import { Tensor } from 'onnxruntime-node';
import { differentiate, pruneGraph } from '../autodiff/index.ts';
import {
  dataTypes,
  encodeModel,
  floatValues,
  GraphBuilder,
  makeValueInfo,
  type OnnxGraph,
  type OnnxModel,
} from '../onnx/index.ts';
import { createTrainedTensor, type TrainedTensor } from './adam.ts';
import type { BatchInputs } from './batch-tensors.ts';
import { openHead } from './cached-head.ts';
import { chunkTower, type TowerChunk } from './chunk-tower.ts';
import { towerValue } from './encoder-graph.ts';
import type { GradientEngine } from './gradient-engine.ts';
import { createProbeInputs } from './probe-batch.ts';
import { buildForwardGraph, type ForwardGraphOptions } from './training-graph.ts';
import { floatsOf, type OpenedSession, openSession, type SessionOptions, toTensor } from './training-session.ts';

export interface CachedEngineOptions extends ForwardGraphOptions {
  manifest: Pick<ModelManifest, 'inputs' | 'output' | 'dims'>;
  /** Texts that are differentiated at once; memory grows with them and not with the batch. */
  chunk: number;
}

const surrogateValue = 'surrogate';
const rowGradients = 'row_gradients';

/**
 * The same gradient as one graph over the whole batch, in parts: encode all chunks, take the loss and its gradient with
 * respect to the rows, then go back through each chunk with Σ row · its gradient as the loss (GradCache, arXiv
 * 2101.06983). Costs one more forward pass.
 * @throws StudioError GRAPH_UNSUPPORTED when the graph has an operator without a gradient rule.
 */
export async function createCachedEngine(
  file: Uint8Array,
  options: CachedEngineOptions,
  session: SessionOptions,
): Promise<GradientEngine> {
  const { manifest, loss, chunk } = options;
  const forward = buildForwardGraph(file, options);
  const tower = takeTower(forward.model, towerValue('item', manifest.output));
  const derived = await differentiate({
    model: withSurrogate(tower, options),
    loss: surrogateValue,
    trainable: forward.trainable,
    probes: [createProbe(options, 3), createProbe(options, 5)],
  });
  const tensors = forward.trainable.map((name) => {
    const stored = derived.parameters.get(name);
    return createTrainedTensor(name, stored?.dims ?? [], stored ? floatValues(stored) : new Float32Array());
  });
  const backward = await openSession(encodeModel(derived.model), session);
  const encoder = await openSession(encodeModel(withWeightInputs(tower, tensors)), session);
  const head = await openHead({ model: forward.model, loss, dims: manifest.dims, head: forward.head }, session);
  const gradients = tensors.map((tensor) => new Float32Array(tensor.values.length));
  const weights = Object.fromEntries(tensors.map((t) => [t.name, new Tensor('float32', t.values, [...t.dims])]));
  const parts: Parts = { encoder, backward, weights, tensors, manifest };
  return {
    ...{ executionProvider: backward.executionProvider, forward, tensors, gradients },
    run: async (batch) => {
      const chunks = { query: chunkTower(batch, 'query', chunk), item: chunkTower(batch, 'item', chunk) };
      const rows = { query: await encodeChunks(parts, chunks.query), item: await encodeChunks(parts, chunks.item) };
      const found = await head.run(batch, rows);
      for (const gradient of gradients) gradient.fill(0);
      await goBack(parts, { chunks: chunks.query, rows: found.gradients.query, gradients });
      await goBack(parts, { chunks: chunks.item, rows: found.gradients.item, gradients });
      return { loss: found.loss, activePairs: found.activePairs };
    },
    release: async () => {
      await Promise.all([backward.session.release(), encoder.session.release(), head.release()]);
    },
  };
}

interface Parts {
  encoder: OpenedSession;
  backward: OpenedSession;
  weights: Record<string, Tensor>;
  tensors: readonly TrainedTensor[];
  manifest: CachedEngineOptions['manifest'];
}

/** One of the two towers alone; both have the same weights. */
function takeTower(model: OnnxModel, output: string): OnnxModel {
  return { ...model, graph: pruneGraph({ ...model.graph, output: [{ name: output }] }) };
}

function withSurrogate(model: OnnxModel, { manifest }: CachedEngineOptions): OnnxModel {
  const g = new GraphBuilder('surrogate:');
  const product = g.op('Mul', [towerValue('item', manifest.output), rowGradients]);
  g.op('ReduceSum', [product], { attributes: { keepdims: 0 }, output: surrogateValue });
  const { graph } = model;
  const input = [...graph.input, makeValueInfo(rowGradients, dataTypes.float, ['item_rows', manifest.dims])];
  return {
    ...model,
    graph: { ...graph, node: [...graph.node, ...g.nodes], input, output: [{ name: surrogateValue }] },
  };
}

/** Trained weights are fed, so that they are those of the moment. */
function withWeightInputs(model: OnnxModel, tensors: readonly TrainedTensor[]): OnnxModel {
  const trained = new Set(tensors.map(({ name }) => name));
  const inputs = tensors.map(({ name, dims }) => makeValueInfo(name, dataTypes.float, dims));
  const graph: OnnxGraph = {
    ...model.graph,
    initializer: model.graph.initializer.filter(({ name }) => !trained.has(name ?? '')),
    input: [...model.graph.input.filter(({ name }) => !trained.has(name ?? '')), ...inputs],
  };
  return { ...model, graph };
}

function createProbe(options: CachedEngineOptions, size: number): Record<string, Tensor> {
  const head = [makeValueInfo(rowGradients, dataTypes.float, ['item_rows', 'dims'])];
  const inputs = Object.entries(createProbeInputs(options, { head, size }));
  return Object.fromEntries(
    inputs.filter(([name]) => !name.startsWith('query:')).map(([name, input]) => [name, toTensor(input)]),
  );
}

async function encodeChunks({ encoder, weights, manifest }: Parts, chunks: readonly TowerChunk[]) {
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  const values = new Float32Array(rows * manifest.dims);
  const output = towerValue('item', manifest.output);
  for (const { inputs, first } of chunks) {
    const out = await encoder.session.run({ ...feedsOf(inputs), ...weights });
    values.set(floatsOf(out[output], output), first * manifest.dims);
  }
  return { rows, values };
}

async function goBack(
  { backward, weights, tensors, manifest }: Parts,
  work: { chunks: readonly TowerChunk[]; rows: Float32Array; gradients: readonly Float32Array[] },
): Promise<void> {
  for (const { inputs, first, rows } of work.chunks) {
    const part = work.rows.slice(first * manifest.dims, (first + rows) * manifest.dims);
    const given = { [rowGradients]: new Tensor('float32', part, [rows, manifest.dims]) };
    const out = await backward.session.run({ ...feedsOf(inputs), ...given, ...weights });
    tensors.forEach(({ name }, at) => {
      addTo(work.gradients[at], floatsOf(out[`grad:${name}`], name));
    });
  }
}

const feedsOf = (inputs: BatchInputs): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, toTensor(input)]));

function addTo(sum: Float32Array | undefined, values: Float32Array): void {
  if (sum?.length !== values.length) throw new StudioError('INTERNAL', 'A gradient has an unexpected size');
  for (let at = 0; at < values.length; at += 1) sum[at] = (sum[at] as number) + (values[at] as number);
}
