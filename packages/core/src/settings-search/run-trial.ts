import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type MetricPoint,
  type TrainingSettings,
  type TrainRequest,
  toStudioError,
  type ValidationSet,
} from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { createEarlyStop } from './early-stop.ts';
import type { OpenTrial } from './trial-runs.ts';

export interface TrialWork {
  run: OpenTrial;
  settings: TrainingSettings;
  modelFolder: string;
  /** Of this trial alone; wiped when it has ended. */
  folder: string;
  validation: ValidationSet;
  /** What it learns from; its time is the trial's. */
  prepare(): Promise<Pick<TrainRequest, 'trainingSet' | 'anchorTexts'>>;
}

/** Trains for a while and says how well. Throws only when the job itself is to end; whatever else fails fails the trial. */
export async function runTrial(
  ctx: Ctx,
  work: TrialWork,
): Promise<{ score: number | null; seconds: number; why: string }> {
  const { run, folder } = work;
  const started = ctx.deps.clock.now().getTime();
  const stop = new AbortController();
  const heard = createEarlyStop();
  const curve = createCurveWriter(ctx, run);
  const seconds = () => (ctx.deps.clock.now().getTime() - started) / 1_000;
  try {
    await train(ctx, work, {
      signal: AbortSignal.any([stop.signal, ...(ctx.signal ? [ctx.signal] : [])]),
      onPoint: curve.add,
      onValidation: (point) => {
        curve.flush();
        if (heard.hear(point)) stop.abort();
      },
    });
  } catch (error) {
    ctx.signal?.throwIfAborted();
    if (!stop.signal.aborted) return fail(run, toStudioError(error).message, seconds());
  }
  await curve.end();
  await rm(folder, { recursive: true, force: true });
  const score = heard.best();
  if (score === null) return fail(run, 'Its validation was never measured.', seconds());
  const outcome = { score, seconds: seconds(), isStopped: stop.signal.aborted };
  await run.finish(outcome);
  return { ...outcome, why: outcome.isStopped ? 'stopped early' : '' };
}

async function train(
  ctx: Ctx,
  work: TrialWork,
  heard: {
    signal: AbortSignal;
    onPoint: (key: string, value: number, step: number) => void;
    onValidation: (point: { step: number; ndcg10: number }) => void;
  },
): Promise<void> {
  const outputFolder = join(work.folder, 'output');
  await mkdir(outputFolder, { recursive: true });
  const { modelFolder, validation, settings } = work;
  await ctx.deps.trainer.train({
    ...(await work.prepare()),
    ...{ modelFolder, validation, settings, outputFolder, signal: heard.signal },
    checkpointFolder: join(work.folder, 'checkpoints'),
    onProgress: ({ loss, step }) => heard.onPoint('loss', loss, step),
    onValidation: (point) => {
      heard.onPoint('validation.ndcg10', point.ndcg10, point.step);
      heard.onValidation(point);
    },
  });
}

/** Points as they come, so that the curve of a running trial is seen; one write at a time. */
function createCurveWriter(ctx: Ctx, run: OpenTrial) {
  let points: MetricPoint[] = [];
  let writing = Promise.resolve();
  const flush = (): void => {
    const due = points;
    points = [];
    writing = writing.then(() => run.log(due));
    // Said by `end`; until then nobody waits for it.
    writing.catch(() => undefined);
  };
  return {
    add: (key: string, value: number, step: number): void => {
      points.push({ key, value, step, timestamp: ctx.deps.clock.now() });
    },
    flush,
    end: (): Promise<void> => {
      flush();
      return writing;
    },
  };
}

async function fail(run: OpenTrial, why: string, seconds: number) {
  await run.fail(why, seconds);
  return { score: null, seconds, why };
}
