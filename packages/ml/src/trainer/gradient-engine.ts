import { Tensor } from 'onnxruntime-node';
import { differentiate } from '../autodiff/index.ts';
import { encodeModel, floatValues } from '../onnx/index.ts';
import { createTrainedTensor, type TrainedTensor } from './adam.ts';
import type { BatchInputs } from './batch-tensors.ts';
import { activePairsValue, lossValue } from './loss-heads.ts';
import { createProbeInputs } from './probe-batch.ts';
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
    probes: [createProbe(options, forward, 3), createProbe(options, forward, 5)],
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

function createProbe(options: ForwardGraphOptions, { head }: ForwardGraph, size: number): Record<string, Tensor> {
  const inputs = Object.entries(createProbeInputs(options, { head, size }));
  return Object.fromEntries(inputs.map(([name, input]) => [name, toTensor(input)]));
}
