import { StudioError, type TrainingReport } from '@embedding-studio/contracts';
import { globalNorm, updateTensor } from './adam.ts';
import type { BaseTeacher } from './base-teacher.ts';
import type { BatchStream } from './batch-stream.ts';
import { type BatchTensorSource, createBatchInputs, type TokenCache } from './batch-tensors.ts';
import type { CheckpointStore, RunState } from './checkpoint.ts';
import type { GradientEngine } from './gradient-engine.ts';
import { learningRateAt } from './learning-rate.ts';
import type { StepClock } from './step-clock.ts';
import type { TrainingHost, TrainingJob } from './training-job.ts';
import type { StepValidation } from './validate-steps.ts';

export interface TrainingRun {
  job: TrainingJob;
  host: TrainingHost;
  engine: GradientEngine;
  source: BatchTensorSource;
  stream: BatchStream;
  checkpoints: CheckpointStore;
  clock: StepClock;
  validation: StepValidation | null;
  teacher: BaseTeacher | null;
  /** Advanced in place. */
  state: RunState;
}

const reportedLosses = 10;

/** Optimiser steps until the epochs, the steps or the seconds are used up; leaves a checkpoint of the last one. */
export async function runSteps(run: TrainingRun): Promise<TrainingReport['stoppedBy']> {
  const { state, stream, clock, job } = run;
  const cache: TokenCache = new Map();
  const sums = job.settings.accumulationSteps > 1 ? run.engine.gradients.map((g) => new Float32Array(g.length)) : null;
  const isSpent = () => state.step > 0 && clock.isSpent();
  await run.validation?.afterStep(state.step, clock.stepsTotalAt(state.step));
  while (state.step < stream.stepsTotal && !isSpent()) {
    await takeStep(run, { cache, sums });
    await run.validation?.afterStep(state.step, clock.stepsTotalAt(state.step));
    if (state.step % job.settings.checkpointEverySteps === 0) saveState(run);
  }
  if (state.step % job.settings.checkpointEverySteps !== 0) saveState(run);
  return state.step >= stream.stepsTotal ? stream.bound : 'seconds';
}

function saveState({ checkpoints, state, clock, engine }: TrainingRun): void {
  state.seconds = clock.elapsed();
  checkpoints.save(state, engine.tensors);
}

interface StepBuffers {
  cache: TokenCache;
  /** Sums of the micro-batches' gradients; null when a step has one micro-batch. */
  sums: Float32Array[] | null;
}

async function takeStep(run: TrainingRun, buffers: StepBuffers): Promise<void> {
  const { engine, job, clock, state } = run;
  const step = state.step + 1;
  const stepsTotal = clock.stepsTotalAt(state.step);
  const { loss, activePairs, queries } = await computeGradients(run, { step, buffers });
  const { settings } = job;
  const gradients = buffers.sums ?? engine.gradients;
  const gradientNorm = globalNorm(gradients);
  requireFinite({ loss, gradientNorm, step });
  const learningRate = learningRateAt(step, {
    peak: settings.learningRate ?? run.engine.forward.peakLearningRate,
    warmupShare: settings.warmupShare,
    stepsTotal,
  });
  const gradientScale = gradientNorm > settings.gradientNormMax ? settings.gradientNormMax / gradientNorm : 1;
  engine.tensors.forEach((tensor, at) => {
    const gradient = gradients[at];
    if (gradient)
      updateTensor(tensor, gradient, { step, learningRate, weightDecay: settings.weightDecay, gradientScale });
  });
  recordStep(state, { loss, activePairs });
  clock.recordStep();
  const perStep = clock.secondsPerStep();
  const remaining = Math.max(0, clock.stepsTotalAt(step) - step);
  const examplesPerSecond = perStep > 0 ? queries / perStep : 0;
  run.host.onProgress({
    step,
    stepsTotal,
    loss,
    learningRate,
    gradientNorm,
    activePairs,
    examplesPerSecond,
    secondsLeft: remaining * perStep,
  });
}

async function computeGradients(
  run: TrainingRun,
  { step, buffers }: { step: number; buffers: StepBuffers },
): Promise<{ loss: number; activePairs: number | null; queries: number }> {
  const group = run.stream.groupAt(step);
  const base = await run.teacher?.prepare(group, step);
  const batches = createBatchInputs(group, { ...run.source, base }, buffers.cache);
  for (const sum of buffers.sums ?? []) sum.fill(0);
  let loss = 0;
  let activePairs: number | null = null;
  for (const batch of batches) {
    stopWhenAborted(run);
    const result = await run.engine.run(batch);
    loss += result.loss;
    if (result.activePairs !== null) activePairs = (activePairs ?? 0) + result.activePairs;
    addInto(buffers.sums, run.engine.gradients);
  }
  return { loss, activePairs, queries: group.reduce((count, visits) => count + visits.length, 0) };
}

function stopWhenAborted(run: TrainingRun): void {
  if (!run.host.isAborted()) return;
  saveState(run);
  throw new StudioError('ABORTED', `Training was aborted after step ${run.state.step}; the checkpoint is kept`);
}

/** Adds each array to its sum; does nothing without sums. */
export function addInto(sums: readonly Float32Array[] | null, gradients: readonly Float32Array[]): void {
  sums?.forEach((sum, at) => {
    const gradient = gradients[at];
    if (!gradient) return;
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] as number) + (gradient[i] as number);
  });
}

function requireFinite({ loss, gradientNorm, step }: { loss: number; gradientNorm: number; step: number }): void {
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm)) return;
  throw new StudioError(
    'MODEL_INVALID',
    `Loss or gradient is not a finite number at step ${step}: lower the learning rate`,
  );
}

function recordStep(state: RunState, { loss, activePairs }: { loss: number; activePairs: number | null }): void {
  state.step += 1;
  if (state.lossesFirst.length < reportedLosses) state.lossesFirst.push(loss);
  state.lossesLast = [...state.lossesLast, loss].slice(-reportedLosses);
  state.pairsFirst ??= activePairs;
  state.pairsLast = activePairs;
}
