import type { TrainingSet } from '@embedding-studio/contracts';
import { methods } from '@embedding-studio/plugins/methods';
import type { InferenceSession } from 'onnxruntime-node';
import { globalNorm, updateTensor } from '../../packages/ml/src/trainer/adam.ts';
import { planEpoch } from '../../packages/ml/src/trainer/batch-plan.ts';
import { type BatchInputs, createBatchInputs } from '../../packages/ml/src/trainer/batch-tensors.ts';
import { prepareExamples } from '../../packages/ml/src/trainer/examples.ts';
import { createGradientEngine, type GradientEngine } from '../../packages/ml/src/trainer/gradient-engine.ts';
import { loadModelFolder } from '../../packages/ml/src/trainer/model-folder.ts';
import { toTensor } from '../../packages/ml/src/trainer/training-session.ts';
import { alternate } from '../alternate.ts';
import { openBareSession, openTokenizer } from './bare-session.ts';
import type { Measurement } from './measurement.ts';
import type { Bench } from './open-bench.ts';

const stepsPerRun = 2;
const queriesMax = 400;

/** Forward, backward and update of every layer, against the encoder's forward pass over the same batch. */
export async function measureTraining(bench: Bench, repeats: number): Promise<Measurement> {
  const settings = methods.find(({ name }) => name === 'contrastive')?.parseSettings({});
  if (!settings) throw new TypeError('there is no contrastive method');
  const model = loadModelFolder(bench.files.folder);
  const { loss, seed, batchQueries } = settings;
  const engine = await createGradientEngine(
    model.onnx,
    { manifest: model.manifest, loss, trainable: { kind: 'all' }, seed },
    { threads: bench.threads, executionProviders: ['cpu'], warn: () => undefined },
  );
  const session = await openBareSession(bench);
  const set = prepareExamples(trainingSetOf(bench), { needsSkipped: false });
  const tokenizer = await openTokenizer(bench);
  const source = { set, loss, manifest: model.manifest, tokenizer };
  const groups = planEpoch(set, 0, { seed, batchQueries, loss }).slice(0, stepsPerRun);
  const batches = groups.flatMap((group) => createBatchInputs([group], source, new Map()));
  try {
    let step = 0;
    const compared = await alternate({
      ours: {
        name: 'forward, backward, AdamW over all layers',
        run: async () => {
          for (const batch of batches) await takeStep(engine, batch, ++step);
        },
      },
      bare: {
        name: 'onnxruntime forward of both towers',
        run: async () => {
          for (const batch of batches) await forward(session, { batch, bench });
        },
      },
      repeats,
    });
    const weights = engine.tensors.reduce((count, tensor) => count + tensor.values.length, 0);
    return {
      name: 'training',
      what: `time of a training step (${batchQueries} queries a batch, ${(weights / 1e6).toFixed(1)} M trained weights) in forward passes`,
      goal: { at: 'most', value: 3.5 },
      ratio: compared.timesBare,
      compared,
      facts: { steps: batches.length, batchQueries, secondsPerStep: compared.ours.seconds.median / batches.length },
    };
  } finally {
    await Promise.all([engine.release(), session.release()]);
  }
}

async function takeStep(engine: GradientEngine, batch: BatchInputs, step: number): Promise<void> {
  await engine.run(batch);
  const gradientScale = Math.min(1, 1 / globalNorm(engine.gradients));
  for (const [at, tensor] of engine.tensors.entries()) {
    const gradient = engine.gradients[at];
    if (gradient) updateTensor(tensor, gradient, { step, learningRate: 1e-6, weightDecay: 0.01, gradientScale });
  }
}

async function forward(
  session: InferenceSession,
  { batch, bench }: { batch: BatchInputs; bench: Bench },
): Promise<void> {
  for (const tower of ['query', 'item']) {
    const inputs = bench.files.manifest.inputs.flatMap((name) => {
      const found = Object.entries(batch).find(([key]) => key.startsWith(tower) && key.endsWith(name));
      return found ? [[name, toTensor(found[1])] as const] : [];
    });
    await session.run(Object.fromEntries(inputs));
  }
}

/** Judged queries as if each relevant item had been clicked once. */
function trainingSetOf({ dataset, items }: Bench): TrainingSet {
  const itemTexts = Object.fromEntries(items.map((item) => [item.id, item.parts[0] ?? item.id]));
  const queries = dataset.queries.flatMap(({ id, text }) => {
    const relevant = [...(dataset.qrels.get(id) ?? [])].filter(([itemId, grade]) => grade > 0 && itemId in itemTexts);
    const clicked = relevant.slice(0, 1).map(([itemId]) => ({ itemId, weight: 1 }));
    return clicked.length === 0 ? [] : [{ queryId: id, text, clicked, skipped: [] }];
  });
  return { queries: queries.slice(0, queriesMax), itemTexts };
}
