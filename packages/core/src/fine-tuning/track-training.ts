import type {
  JobLogLevel,
  JobLogLine,
  MetricPoint,
  TrainingProgress,
  TrainingReport,
  ValidationPoint,
} from '@embedding-studio/contracts';
import { toStudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import type { JobRun } from '../job-run.ts';
import { attemptsTag } from '../tracking/get-curves.ts';
import { formatProgress, paramsOf } from './training-words.ts';

export interface TrainingTrack {
  runId: string;
  onProgress(progress: TrainingProgress): void;
  onValidation(point: ValidationPoint): void;
  say(level: JobLogLevel, message: string): void;
  logArtefact(path: string, content: unknown): Promise<void>;
  /** Waits until everything has been written. null: nothing was trained that is kept. */
  finish(report: TrainingReport | null): Promise<void>;
  fail(error: unknown): Promise<void>;
}

/** Rollouts keep their run and their checkpoints when a step is tried again by another task. */
export function trainingJobId({ task }: Pick<JobRun<'fine_tuning'>, 'task'>): string {
  return task.input.rolloutId ?? task.id;
}

/** Of a run: the search that chose its settings. */
export const searchTag = 'studio.searchRunId';

interface TrackedJob {
  job: JobRun<'fine_tuning'>;
  experiment: string;
  params: Record<string, unknown>;
  searchRunId?: string | null;
}

interface Pending {
  points: MetricPoint[];
  lines: Omit<JobLogLine, 'number'>[];
  progress: TrainingProgress | null;
}

/** Sends progress to the task, metrics to the tracker and lines to the log, one write at a time; what fails is said. */
export async function trackTraining(ctx: Ctx, run: TrackedJob): Promise<TrainingTrack> {
  const { tracker, clock, log } = ctx.deps;
  const jobId = trainingJobId(run.job);
  const runId = await openRun(ctx, { ...run, jobId });
  let pending: Pending = { points: [], lines: [], progress: null };
  let writing: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    while (pending.points.length > 0 || pending.lines.length > 0) {
      const { points, lines, progress } = pending;
      pending = { points: [], lines: [], progress: null };
      await tracker.logMetrics(runId, points);
      await ctx.deps.jobLogs.appendLines(jobId, lines);
      if (progress !== null) await run.job.save({ progress: describe(progress) });
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
  /** A write that fails, as progress does once the task is cancelled, leaves behind what was said meanwhile. */
  const flushAll = async (): Promise<void> => {
    do await flush();
    while (pending.points.length > 0 || pending.lines.length > 0);
  };
  const say = (level: JobLogLevel, message: string): void => {
    pending.lines.push({ level, message, at: clock.now() });
    void flush();
  };
  const heard = createListener({ say, tenths: new Set() });
  return {
    runId,
    say,
    onProgress: (progress) => {
      pending.points.push(...pointsOf(progress, clock.now()));
      pending.progress = progress;
      heard(progress);
      void flush();
    },
    onValidation: ({ step, ndcg10 }) => {
      pending.points.push({ key: 'validation.ndcg10', value: ndcg10, step, timestamp: clock.now() });
      say('info', `Step ${step}: nDCG@10 ${ndcg10.toFixed(4)} on held-out queries, over the lists that users saw.`);
    },
    logArtefact: (path, content) => tracker.logArtefact(runId, path, Buffer.from(JSON.stringify(content))),
    finish: async (report) => {
      if (report !== null) {
        say('info', `Trained ${report.steps} steps in ${Math.round(report.seconds)} s; ended by ${report.stoppedBy}.`);
        pending.points.push(...finalPoints(report, clock.now()));
      }
      await flushAll();
      await tracker.endRun(runId, 'FINISHED');
    },
    fail: async (error) => {
      const { cancelRequested } = await ctx.deps.tasks.getTask(run.job.task.id);
      if (ctx.signal?.aborted && !cancelRequested) return;
      if (cancelRequested) say('warn', 'Stopped on request. The checkpoint is kept: resume goes on from it.');
      else say('error', toStudioError(error).message);
      await flushAll();
      await tracker.endRun(runId, cancelRequested ? 'KILLED' : 'FAILED');
    },
  };
}

async function openRun(ctx: Ctx, run: TrackedJob & { jobId: string }): Promise<string> {
  const { tracker, clock } = ctx.deps;
  const experimentId = await tracker.createExperiment(run.experiment);
  const runId = await tracker.createRun({ experimentId, name: run.jobId, params: paramsOf(run.params) });
  const { tags } = await tracker.getRun(runId);
  const attempts = [...(tags[attemptsTag]?.split(',') ?? []), String(clock.now().getTime())];
  await tracker.setRunTag(runId, { key: attemptsTag, value: attempts.join(',') });
  const { searchRunId = null } = run;
  if (searchRunId !== null) await tracker.setRunTag(runId, { key: searchTag, value: searchRunId });
  await run.job.save({ checkpoint: { runId, ...(searchRunId === null ? {} : { searchRunId }) } });
  return runId;
}

/** Every step for those who look closely, every tenth of the way for all, and what deserves a look as a warning. */
function createListener({ say, tenths }: { say: TrainingTrack['say']; tenths: Set<number> }) {
  let isFirst = true;
  return (progress: TrainingProgress): void => {
    const { step, stepsTotal } = progress;
    if (isFirst && step > 1) say('info', `Resumed from the checkpoint after step ${step - 1}.`);
    isFirst = false;
    const tenth = Math.floor((10 * step) / Math.max(1, stepsTotal));
    const isNews = !tenths.has(tenth);
    tenths.add(tenth);
    say(isNews ? 'info' : 'debug', formatProgress(progress));
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

function finalPoints(report: TrainingReport, timestamp: Date): MetricPoint[] {
  const { seconds, steps, lossFirst, lossLast, mixing } = report;
  const numbers = { seconds, steps, lossFirst, lossLast, ...(mixing && { mixedAlpha: mixing.alpha }) };
  return Object.entries(numbers).map(([key, value]) => ({
    key: `final.${key}`,
    value,
    step: report.steps,
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
