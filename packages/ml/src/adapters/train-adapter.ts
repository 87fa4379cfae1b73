import {
  type AdapterSettings,
  type AdapterTrainingSet,
  type LinearAdapter,
  StudioError,
  type TrainingProgress,
  type TrainingReport,
  type TrainingSettings,
  type ValidationPoint,
} from '@embedding-studio/contracts';
import { createTrainedTensor, globalNorm, type TrainedTensor, updateTensor } from '../trainer/adam.ts';
import { learningRateAt } from '../trainer/learning-rate.ts';
import { createSeededRandom, shuffle } from '../trainer/seeded-random.ts';
import { type BatchSource, collectClicked, drawBatch } from './adapter-batch.ts';
import { type AdapterWeights, runAdapterStep } from './adapter-step.ts';
import { openAsideMeasure } from './measure-aside.ts';
import { type AdapterExample, putAside } from './put-aside.ts';
import { openTensorFlow, type TensorFlow } from './tensorflow.ts';

/** `now` is monotonic, in milliseconds. */
export interface AdapterHost {
  now(): number;
  isAborted(): boolean;
  onProgress(progress: TrainingProgress): void;
  onValidation(point: ValidationPoint): void;
}

export interface AdapterJob {
  set: AdapterTrainingSet;
  settings: TrainingSettings;
}

const defaultRate = 2e-3;

/**
 * Gradient steps from the identity; of all epochs that one is kept which ranks the examples put aside best, the
 * identity among them. With too few examples to put any aside the last epoch is kept.
 */
export async function trainAdapter(
  job: AdapterJob,
  host: AdapterHost,
): Promise<{ adapter: LinearAdapter; report: TrainingReport }> {
  const { set, settings } = job;
  const { adapter: wanted } = settings;
  if (wanted === undefined) throw new StudioError('INTERNAL', 'The settings name no adapter to train.');
  if (set.examples.length === 0)
    throw new StudioError('TRAINING_EVIDENCE_MISSING', 'There is no example to train an adapter on.');
  const { tf, backend } = await openTensorFlow();
  const started = host.now();
  const tensors = startTensors({ dims: set.dims, rank: wanted.rank, seed: settings.seed });
  const { train, aside } = putAside(set.examples, createSeededRandom(settings.seed, 2));
  const random = createSeededRandom(settings.seed, 3);
  const measure = aside.length === 0 ? null : openAsideMeasure(tf, { set, aside, side: wanted.side, random });
  const source: BatchSource = {
    ...{ set, loss: settings.loss, randomNegatives: wanted.randomNegatives },
    clickedOf: collectClicked(train),
  };
  const run = { job, host, tf, train, tensors, source, wanted, started, measure };
  const { best, ...ended } = runEpochs(run);
  return {
    adapter: best,
    report: {
      ...ended,
      seconds: (host.now() - started) / 1_000,
      trainableParameters: tensors.reduce((sum, { values }) => sum + values.length, 0),
      executionProvider: backend,
      resumedFromStep: 0,
    },
  };
}

interface AdapterRun {
  job: AdapterJob;
  host: AdapterHost;
  tf: TensorFlow;
  train: readonly AdapterExample[];
  /** U, V and b. */
  tensors: [TrainedTensor, TrainedTensor, TrainedTensor];
  source: BatchSource;
  wanted: AdapterSettings;
  started: number;
  measure: ((adapter: LinearAdapter) => number) | null;
}

/** U is zero, so that training begins with the identity. */
function startTensors({ dims, rank, seed }: { dims: number; rank: number; seed: number }): AdapterRun['tensors'] {
  const random = createSeededRandom(seed, 1);
  const v = Float32Array.from({ length: dims * rank }, () => random.normal() / Math.sqrt(dims));
  return [
    createTrainedTensor('u', [dims, rank], new Float32Array(dims * rank)),
    createTrainedTensor('v', [dims, rank], v),
    createTrainedTensor('b', [dims], new Float32Array(dims)),
  ];
}

function runEpochs(run: AdapterRun) {
  const { job, host, train, measure } = run;
  const { batchQueries, epochsMax, stepsMax, secondsMax, seed } = job.settings;
  const perEpoch = Math.ceil(train.length / batchQueries);
  const stepsTotal = Math.min(stepsMax ?? Number.POSITIVE_INFINITY, perEpoch * epochsMax);
  const random = createSeededRandom(seed, 4);
  const losses: number[] = [];
  let best = snapshot(run);
  let bestScore = judge(run, { measure, adapter: best, step: 0 });
  let stoppedBy: TrainingReport['stoppedBy'] = 'epochs';
  while (losses.length < stepsTotal && stoppedBy === 'epochs') {
    const order = shuffle(train, random);
    for (let start = 0; start < order.length && losses.length < stepsTotal; start += batchQueries) {
      if (host.isAborted()) throw new StudioError('ABORTED', `Training was aborted after step ${losses.length}`);
      const examples = order.slice(start, start + batchQueries);
      losses.push(runOne(run, { examples, step: losses.length + 1, stepsTotal, random }));
      if (secondsMax === null || host.now() - run.started < secondsMax * 1_000) continue;
      stoppedBy = 'seconds';
      break;
    }
    const adapter = snapshot(run);
    const score = judge(run, { measure, adapter, step: losses.length });
    if (score <= bestScore) continue;
    best = adapter;
    bestScore = score;
  }
  const isCut = stoppedBy === 'epochs' && losses.length < perEpoch * epochsMax;
  const [lossFirst = 0, lossLast = 0] = [losses[0], losses.at(-1)];
  return { best, steps: losses.length, stoppedBy: isCut ? ('steps' as const) : stoppedBy, lossFirst, lossLast };
}

function judge(
  { host }: AdapterRun,
  { measure, adapter, step }: { measure: AdapterRun['measure']; adapter: LinearAdapter; step: number },
): number {
  if (measure === null) return step;
  const ndcg10 = measure(adapter);
  host.onValidation({ step, ndcg10 });
  return ndcg10;
}

function snapshot({ wanted, source, tensors: [u, v, bias] }: AdapterRun): LinearAdapter {
  const { dims } = source.set;
  return { dims, rank: wanted.rank, u: u.values.slice(), v: v.values.slice(), bias: bias.values.slice() };
}

type Step = {
  examples: readonly AdapterExample[];
  step: number;
  stepsTotal: number;
  random: ReturnType<typeof createSeededRandom>;
};

function runOne(run: AdapterRun, { examples, step, stepsTotal, random }: Step): number {
  const { tf, source, wanted, tensors, host, job } = run;
  const { gradientNormMax, warmupShare, batchQueries, learningRate } = job.settings;
  const [u, v, bias] = tensors;
  const { rank, side, ridge } = wanted;
  const weights: AdapterWeights = { u: u.values, v: v.values, bias: bias.values };
  const batch = drawBatch(source, examples, random);
  const { loss, gradients } = runAdapterStep(tf, { dims: source.set.dims, rank, side, ridge, weights, ...batch });
  const listed = [gradients.u, gradients.v, gradients.bias];
  const gradientNorm = globalNorm(listed);
  const rate = learningRateAt(step, { peak: learningRate ?? defaultRate, warmupShare, stepsTotal });
  const gradientScale = gradientNorm > gradientNormMax ? gradientNormMax / gradientNorm : 1;
  tensors.forEach((tensor, at) => {
    const gradient = listed[at];
    if (gradient) updateTensor(tensor, gradient, { step, learningRate: rate, weightDecay: 0, gradientScale });
  });
  const seconds = Math.max(1e-3, (host.now() - run.started) / 1_000);
  host.onProgress({
    ...{ step, stepsTotal, loss, learningRate: rate, gradientNorm },
    examplesPerSecond: (step * batchQueries) / seconds,
    secondsLeft: ((stepsTotal - step) * seconds) / step,
  });
  return loss;
}
