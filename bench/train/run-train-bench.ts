import { writeFile } from 'node:fs/promises';
import type { ModelManifest } from '@embedding-studio/contracts';
import { InferenceSession } from 'onnxruntime-node';
import { readSettings } from '../../apps/studio/src/environment.ts';
import { globalNorm, updateTensor } from '../../packages/ml/src/trainer/adam.ts';
import { type BatchInputs, type GraphInput, tokenInputs } from '../../packages/ml/src/trainer/batch-tensors.ts';
import { createGradientEngine, type GradientEngine } from '../../packages/ml/src/trainer/gradient-engine.ts';
import { loadModelFolder } from '../../packages/ml/src/trainer/model-folder.ts';
import { toTensor } from '../../packages/ml/src/trainer/training-session.ts';
import { alternate, type Side } from '../alternate.ts';
import { isMet, type Measurement } from '../loop/measurement.ts';
import { findModel } from '../loop/open-bench.ts';
import { renderReport } from '../loop/render-report.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { openTorch } from './torch-process.ts';

const batch = { queries: 48, queryTokens: 8, items: 96, itemTokens: 24 };
const threads = 2;
const loss = { kind: 'contrastive', temperature: 0.05, negativesPerQuery: 1 } as const;

export interface TrainBenchOptions {
  model: string;
  repeats: number;
  /** Python with PyTorch; default: python3 of the path. */
  python?: string;
  json?: string;
}

/** A training step of all layers against the forward pass of ONNX Runtime, and against PyTorch where it is installed. */
export async function runTrainBench(options: TrainBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const start = loadNow();
  const model = loadModelFolder((await findModel(options.model, readSettings())).folder);
  const { manifest } = model;
  const engine = await createGradientEngine(
    model.onnx,
    { manifest, loss, trainable: { kind: 'all' }, seed: 1 },
    { threads, executionProviders: ['cpu'], warn: () => undefined },
  );
  const inputs = makeBatch(manifest.inputs);
  let step = 0;
  const name = 'forward, backward, AdamW over all layers';
  const bench = {
    ...{ engine, inputs, manifest, onnx: model.onnx, repeats: options.repeats, python: options.python },
    ours: { name, run: () => takeStep(engine, inputs, ++step) },
  };
  const measurements = [await compareWithForward(bench), await compareWithTorch(bench)].flatMap((found) => found ?? []);
  await engine.release();
  const report = { machine: describeMachine(), load: { start, end: loadNow() }, model: manifest.name, measurements };
  process.stdout.write(`${renderReport({ ...report, title: `training steps of ${manifest.name}` })}\n`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  return { isGoalMissed: !measurements.every(isMet) };
}

interface Bench {
  engine: GradientEngine;
  inputs: BatchInputs;
  manifest: ModelManifest;
  onnx: Uint8Array;
  repeats: number;
  python: string | undefined;
  ours: Side;
}

async function compareWithForward({ engine, inputs, manifest, onnx, repeats, ours }: Bench): Promise<Measurement> {
  const session = await InferenceSession.create(onnx, {
    ...{ executionProviders: ['cpu'], graphOptimizationLevel: 'all', intraOpNumThreads: threads },
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const run = () => runForward(session, inputs, manifest.inputs);
  const compared = await alternate({ ours, bare: { name: 'onnxruntime forward of both towers', run }, repeats });
  await session.release();
  const trainedWeights = engine.tensors.reduce((count, tensor) => count + tensor.values.length, 0);
  return {
    ...{ name: 'step', what: 'seconds of a training step in forward passes', goal: { at: 'most', value: 3.5 } },
    ...{ ratio: compared.timesBare, compared },
    facts: { ...batch, trainedWeights, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) },
  };
}

async function compareWithTorch({ engine, repeats, ours, python }: Bench): Promise<Measurement | null> {
  const torch = await openTorch({ ...shapeOf(engine), ...batch, threads }, python);
  if (torch === null) {
    process.stdout.write('No PyTorch with a fast BLAS (pip install torch; --python): nothing is compared with it.\n');
    return null;
  }
  const bare = { name: `PyTorch ${torch.version}, the same shape`, run: () => torch.run('step') };
  const compared = await alternate({ ours, bare, repeats });
  torch.close();
  return {
    ...{ name: 'PyTorch', what: 'seconds of a training step in steps of PyTorch', goal: { at: 'most', value: 1 } },
    ...{ ratio: compared.timesBare, compared, facts: { torchWeights: torch.weights } },
  };
}

async function takeStep(engine: GradientEngine, inputs: BatchInputs, step: number): Promise<void> {
  await engine.run(inputs);
  const gradientScale = Math.min(1, 1 / globalNorm(engine.gradients));
  for (const [at, tensor] of engine.tensors.entries()) {
    const gradient = engine.gradients[at];
    if (gradient) updateTensor(tensor, gradient, { step, learningRate: 1e-6, weightDecay: 0.01, gradientScale });
  }
}

async function runForward(session: InferenceSession, inputs: BatchInputs, names: readonly string[]): Promise<void> {
  for (const tower of ['query', 'item']) {
    const feeds = names.flatMap((name) => {
      const found = Object.entries(inputs).find(([key]) => key.startsWith(tower) && key.endsWith(name));
      return found ? [[name, toTensor(found[1])] as const] : [];
    });
    await session.run(Object.fromEntries(feeds));
  }
}

function makeBatch(names: Parameters<typeof tokenInputs>[2]): BatchInputs {
  const { queries, items } = batch;
  const mask = new Float32Array(queries * items);
  return {
    ...tokenInputs('query', makeTokens(queries, batch.queryTokens), names),
    ...tokenInputs('item', makeTokens(items, batch.itemTokens), names),
    query_rows: rowNumbers(queries),
    positive_rows: rowNumbers(queries),
    example_weights: { type: 'float32', dims: [queries, 1], values: new Float32Array(queries).fill(1 / queries) },
    mask: { type: 'float32', dims: [queries, items], values: mask },
  };
}

function makeTokens(rows: number, columns: number) {
  const inputIds = BigInt64Array.from({ length: rows * columns }, (_, at) => BigInt(1_000 + ((at * 7_919) % 7_000)));
  const attentionMask = new BigInt64Array(rows * columns).fill(1n);
  return { rows, columns, inputIds, attentionMask, tokenTypeIds: new BigInt64Array(rows * columns) };
}

const rowNumbers = (count: number): GraphInput => ({
  ...{ type: 'int64', dims: [count] },
  values: BigInt64Array.from({ length: count }, (_, at) => BigInt(at)),
});

/** The encoder's sizes, read off its matrices: the widest is the inner one, its other side the hidden one. */
function shapeOf(engine: GradientEngine) {
  const matrices = engine.tensors.filter(({ dims }) => dims.length === 2).map(({ dims }) => dims as [number, number]);
  const inner = Math.max(...matrices.flat());
  const wide = matrices.filter((dims) => dims.includes(inner));
  const hidden = Math.min(...(wide[0] ?? [0]));
  return { layers: wide.length / 2, hidden, inner, heads: Math.max(1, Math.round(hidden / 32)), vocabulary: 30_522 };
}
