import { Tensor } from 'onnxruntime-node';
import { differentiate } from '../autodiff/index.ts';
import { encodeModel, floatValues } from '../onnx/index.ts';
import { createTrainedTensor, type TrainedTensor } from './adam.ts';
import { type BatchInputs, type GraphInput, tokenInputs } from './batch-tensors.ts';
import { activePairsValue, lossValue } from './loss-heads.ts';
import { createSeededRandom } from './seeded-random.ts';
import { buildForwardGraph, type ForwardGraph, type ForwardGraphOptions } from './training-graph.ts';
import { floatsOf, openSession, type SessionOptions, toTensor } from './training-session.ts';

export interface BatchResult {
  loss: number;
  /** Pairs that still teach; null for losses without pairs. */
  activePairs: number | null;
}

/** Loss and exact gradients of one micro-batch per call, over weights that live in JS arrays. */
export interface GradientEngine {
  executionProvider: string;
  forward: ForwardGraph;
  /** Change `values` in place between runs; the runtime reads them by pointer. */
  tensors: TrainedTensor[];
  /** One array per tensor, overwritten by every run. */
  gradients: Float32Array[];
  run(batch: BatchInputs): Promise<BatchResult>;
  release(): Promise<void>;
}

/**
 * Differentiates the joined towers and opens a session on the result.
 * @throws StudioError GRAPH_UNSUPPORTED when the graph has an operator without a gradient rule.
 */
export async function createGradientEngine(
  file: Uint8Array,
  options: ForwardGraphOptions,
  session: SessionOptions,
): Promise<GradientEngine> {
  const forward = buildForwardGraph(file, options);
  const derived = await differentiate({
    model: forward.model,
    loss: lossValue,
    trainable: forward.trainable,
    probes: [createProbe(options, 3), createProbe(options, 5)],
    keep: forward.outputs,
  });
  const opened = await openSession(encodeModel(derived.model), session);
  const tensors = forward.trainable.map((name) => {
    const stored = derived.parameters.get(name);
    return createTrainedTensor(name, stored?.dims ?? [], stored ? floatValues(stored) : new Float32Array());
  });
  const weights = Object.fromEntries(tensors.map((t) => [t.name, new Tensor('float32', t.values, [...t.dims])]));
  const gradients = tensors.map((tensor) => new Float32Array(tensor.values.length));
  const fetches = createFetches({ tensors, gradients, outputs: forward.outputs });
  return {
    executionProvider: opened.executionProvider,
    forward,
    tensors,
    gradients,
    run: async (batch) => {
      const feeds = Object.fromEntries(Object.entries(batch).map(([name, input]) => [name, toTensor(input)]));
      const out = await opened.session.run({ ...feeds, ...weights }, fetches);
      const scalar = (name: string) => floatsOf(out[name], name)[0] ?? Number.NaN;
      return { loss: scalar(lossValue), activePairs: forward.outputs.length > 0 ? scalar(activePairsValue) : null };
    },
    release: () => opened.session.release(),
  };
}

// Pre-allocated outputs are written in place: no copy of the gradients per step.
function createFetches({
  tensors,
  gradients,
  outputs,
}: {
  tensors: readonly TrainedTensor[];
  gradients: readonly Float32Array[];
  outputs: readonly string[];
}): Record<string, Tensor | null> {
  const scalars = [lossValue, ...outputs].map(
    (name) => [name, new Tensor('float32', new Float32Array(1), [])] as const,
  );
  const kept = tensors.map((tensor, at) => {
    const values = gradients[at] ?? new Float32Array();
    return [`grad:${tensor.name}`, new Tensor('float32', values, [...tensor.dims])] as const;
  });
  return Object.fromEntries([...scalars, ...kept]);
}

/** Small made-up inputs whose every size depends on `size`, for learning which sizes vary. */
function createProbe({ manifest, loss }: ForwardGraphOptions, size: number): Record<string, Tensor> {
  const inputs: BatchInputs = {
    ...tokenInputs('query', probeTokens(size + 1, size + 2), manifest.inputs),
    ...tokenInputs('item', probeTokens(size + 4, size + 5), manifest.inputs),
    ...(loss.kind === 'contrastive' ? contrastiveProbe(size) : marginProbe(size)),
  };
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, toTensor(input)]));
}

function probeTokens(rows: number, columns: number) {
  const random = createSeededRandom(rows, columns);
  const inputIds = BigInt64Array.from({ length: rows * columns }, () => BigInt(random.below(4)));
  const attentionMask = new BigInt64Array(rows * columns).fill(1n);
  return { rows, columns, inputIds, attentionMask, tokenTypeIds: new BigInt64Array(rows * columns) };
}

function contrastiveProbe(size: number): BatchInputs {
  return {
    query_rows: indexes(size),
    positive_rows: indexes(size),
    example_weights: floats([size, 1]),
    mask: floats([size, size + 4]),
  };
}

function marginProbe(size: number): BatchInputs {
  return {
    pair_queries: indexes(size),
    pair_positives: indexes(size),
    pair_negatives: indexes(size),
    pair_weights: floats([size, 1]),
  };
}

function indexes(size: number): GraphInput {
  return { type: 'int64', dims: [size], values: BigInt64Array.from({ length: size }, (_, i) => BigInt(i)) };
}

function floats(dims: [number, number]): GraphInput {
  return { type: 'float32', dims, values: new Float32Array(dims[0] * dims[1]).fill(0.1) };
}
