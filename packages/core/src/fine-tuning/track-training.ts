import type { MetricPoint, TrainingProgress, TrainingReport } from '@embedding-studio/contracts';
import { toStudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import type { JobRun } from '../job-run.ts';

export interface TrainingTrack {
  runId: string;
  onProgress(progress: TrainingProgress): void;
  /** Waits until everything has been written. */
  finish(report: TrainingReport): Promise<void>;
  fail(): Promise<void>;
}

/** Sends progress to the task and metrics to the tracker, one write at a time; the newest progress wins. */
export async function trackTraining(
  ctx: Ctx,
  run: { job: JobRun<'fine_tuning'>; experiment: string; params: Record<string, string> },
): Promise<TrainingTrack> {
  const { tracker, clock, log } = ctx.deps;
  const experimentId = await tracker.createExperiment(run.experiment);
  const runId = await tracker.createRun({ experimentId, name: run.job.task.id, params: run.params });
  const pending: TrainingProgress[] = [];
  let writing: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    while (pending.length > 0) {
      const batch = pending.splice(0);
      const last = batch.at(-1);
      await tracker.logMetrics(
        runId,
        batch.flatMap((progress) => pointsOf(progress, clock.now())),
      );
      if (last !== undefined) await run.job.save({ progress: describe(last) });
    }
  };
  const flush = (): Promise<void> => {
    writing ??= write()
      .catch((error) => log.warn({ runId, code: toStudioError(error).code }, 'training progress not stored'))
      .finally(() => {
        writing = null;
      });
    return writing;
  };
  return {
    runId,
    onProgress: (progress) => {
      pending.push(progress);
      void flush();
    },
    finish: async (report) => {
      await flush();
      const points = { seconds: report.seconds, steps: report.steps, lossLast: report.lossLast };
      const timestamp = clock.now();
      await tracker.logMetrics(
        runId,
        Object.entries(points).map(([key, value]) => ({ key: `final.${key}`, value, step: report.steps, timestamp })),
      );
      await tracker.endRun(runId, 'FINISHED');
    },
    fail: () => tracker.endRun(runId, 'FAILED'),
  };
}

function pointsOf(progress: TrainingProgress, timestamp: Date): MetricPoint[] {
  const { step, loss, learningRate, gradientNorm, examplesPerSecond } = progress;
  return Object.entries({ loss, learningRate, gradientNorm, examplesPerSecond }).map(([key, value]) => ({
    key,
    value,
    step,
    timestamp,
  }));
}

function describe(progress: TrainingProgress) {
  const { step, stepsTotal, loss, secondsLeft } = progress;
  return {
    done: step,
    total: stepsTotal,
    note: `training, loss ${loss.toFixed(4)}`,
    secondsLeft: Math.round(secondsLeft),
  };
}
