import { setTimeout as pause } from 'node:timers/promises';
import { type JobLogLine, type MetricSeries, rolloutStep } from '@embedding-studio/contracts';
import { downSample } from '@embedding-studio/stats';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { roundSignificant } from '../tracking/number-budget.ts';
import { findJob, JobIdInput } from './find-job.ts';
import { createJobView, type FineTuningJob } from './show-job.ts';

export const WatchFineTuningInput = JobIdInput.extend({
  /** Of the last event that arrived; what came after it is sent, nothing twice. */
  lastEventId: z
    .string()
    .regex(/^-?\d+\.-?\d+\.\d+$/)
    .nullish(),
});
export type WatchFineTuningInput = z.input<typeof WatchFineTuningInput>;

export interface FineTuningEvent {
  /** Hand it back as `lastEventId` after a break. */
  id: string;
  job: Pick<FineTuningJob, 'status' | 'rolloutState' | 'progress' | 'error' | 'runId' | 'model' | 'gate'>;
  series: { key: string; steps: number[]; values: number[]; seconds: number[] }[];
  lines: JobLogLine[];
}

interface Cursor {
  step: number;
  validation: number;
  line: number;
}

const trainingKeys = ['loss', 'learningRate', 'gradientNorm', 'examplesPerSecond'];
const validationKeys = ['validation.ndcg10'];
const pointsMax = 600;
const linesMax = 200;
const runningMs = 700;
const restingMs = 3_000;

/** Follows a job until it rests: its state, the points of its curves and its log as they come. */
export async function* watchFineTuning({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: WatchFineTuningInput;
}): AsyncGenerator<FineTuningEvent> {
  authorise(ctx, 'rollout.read');
  const { jobId, lastEventId } = parseInput(WatchFineTuningInput, input);
  let cursor = readCursor(lastEventId);
  let shown = '';
  while (!ctx.signal?.aborted) {
    const job = await createJobView(ctx)(await findJob(ctx, jobId));
    const { status, rolloutState, progress, error, runId, model, gate } = job;
    const state = { status, rolloutState, progress, error, runId, model, gate };
    const series = await readNew(ctx, runId, cursor);
    const lines = await readLines(ctx, job.jobId, cursor);
    const text = JSON.stringify(state);
    if (text !== shown || series.length > 0 || lines.length > 0) {
      cursor = advance(cursor, { series, lines });
      shown = text;
      const id = `${cursor.step}.${cursor.validation}.${cursor.line}`;
      yield { id, job: state, series: series.map(pack), lines };
    } else if (isResting(job)) return;
    if (!(await wait(status === 'processing' ? runningMs : restingMs, ctx.signal))) return;
  }
}

function readCursor(id: string | null | undefined): Cursor {
  const [step = -1, validation = -1, line = 0] = id ? id.split('.').map(Number) : [];
  return { step, validation, line };
}

async function readNew(ctx: Ctx, runId: string | null, { step, validation }: Cursor): Promise<MetricSeries[]> {
  if (runId === null) return [];
  const { tracker } = ctx.deps;
  const parts = await Promise.all([
    tracker.listSeries({ runIds: [runId], keys: trainingKeys, afterStep: step }),
    tracker.listSeries({ runIds: [runId], keys: validationKeys, afterStep: validation }),
  ]);
  return parts.flat();
}

/** A page that opens sees the tail; one that comes back gets what it missed. */
async function readLines(ctx: Ctx, jobId: string, { line }: Cursor): Promise<JobLogLine[]> {
  const { jobLogs } = ctx.deps;
  if (line > 0) return jobLogs.listLinesAfter({ jobId, after: line, limit: linesMax });
  return (await jobLogs.listLinesBefore({ jobId, before: null, limit: linesMax })).reverse();
}

function advance(cursor: Cursor, news: { series: readonly MetricSeries[]; lines: readonly JobLogLine[] }): Cursor {
  const lastOf = (keys: readonly string[], before: number) =>
    news.series
      .filter(({ key }) => keys.includes(key))
      .reduce((last, { steps }) => Math.max(last, steps.at(-1) ?? last), before);
  return {
    step: lastOf(trainingKeys, cursor.step),
    validation: lastOf(validationKeys, cursor.validation),
    line: news.lines.at(-1)?.number ?? cursor.line,
  };
}

function pack({ key, steps, values, times }: MetricSeries): FineTuningEvent['series'][number] {
  const kept = downSample({ x: steps, y: values }, pointsMax);
  return {
    key,
    steps: kept.map((at) => steps[at] ?? 0),
    values: kept.map((at) => roundSignificant(values[at] ?? 0)),
    seconds: kept.map((at) => Math.round((times[at] ?? 0) / 100) / 10),
  };
}

function isResting({ status, rolloutState }: FineTuningJob): boolean {
  if (status === 'pending' || status === 'processing') return false;
  return rolloutState === null || rolloutStep[rolloutState] === null || status !== 'done';
}

async function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await pause(milliseconds, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
