import type { MetricPoint, TrackedRun } from '@embedding-studio/contracts';
import type { TrialResult } from '@embedding-studio/stats';
import { z } from 'zod';
import type { Ctx } from '../context.ts';

/** Of a trial's run: which trial and rung, and what differs from the settings given. */
const trialTag = 'studio.trial';
const attemptsTag = 'studio.trial.attempts';
/** A trial that took its worker down with it as often has failed. */
const attemptsMax = 3;
const trialsMax = 1_000;

const Mark = z.object({ trial: z.number(), rung: z.number(), point: z.record(z.string(), z.unknown()) });
export type TrialMark = z.infer<typeof Mark>;

export interface TrialRun extends TrialMark {
  runId: string;
  status: TrackedRun['status'];
  score: number | null;
  seconds: number;
}

/** Every trial that was begun, from the tracker: it remembers over attempts, workers and tasks. */
export async function listTrialRuns(
  ctx: Ctx,
  search: { experimentId: string; searchRunId: string },
): Promise<TrialRun[]> {
  const { experimentId, searchRunId: parentRunId } = search;
  const query = { experimentId, parentRunId, after: null, limit: trialsMax };
  const { runs } = await ctx.deps.tracker.searchRuns(query);
  return runs.flatMap(({ runId, status, tags, metrics }) => {
    const mark = Mark.safeParse(parseJson(tags[trialTag]));
    if (!mark.success) return [];
    const score = status === 'FINISHED' ? (metrics['trial.score'] ?? null) : null;
    return [{ ...mark.data, runId, status, score, seconds: metrics['trial.seconds'] ?? 0 }];
  });
}

export const toResults = (runs: readonly TrialRun[]): TrialResult[] =>
  runs
    .filter(({ status }) => status === 'FINISHED' || status === 'FAILED')
    .map(({ trial, rung, score, seconds }) => ({ trial, rung, score, seconds }));

export interface OpenTrial {
  runId: string;
  log(points: readonly MetricPoint[]): Promise<void>;
  finish(outcome: { score: number; seconds: number; isStopped: boolean }): Promise<void>;
  fail(why: string, seconds: number): Promise<void>;
}

/** The run of a trial below the run of its search; null: it has taken its worker down too often. */
export async function openTrialRun(
  ctx: Ctx,
  trial: TrialMark & { experimentId: string; searchRunId: string; name: string; params: Record<string, string> },
): Promise<OpenTrial | null> {
  const { tracker, clock } = ctx.deps;
  const { experimentId, name, params, searchRunId: parentRunId, trial: number, rung, point } = trial;
  const runId = await tracker.createRun({ experimentId, name, params, parentRunId });
  const log: OpenTrial['log'] = (points) => tracker.logMetrics(runId, points);
  const measure = (key: string, value: number): MetricPoint => ({ key, value, step: 0, timestamp: clock.now() });
  const fail: OpenTrial['fail'] = async (why, seconds) => {
    await tracker.setRunTag(runId, { key: 'studio.error', value: why.slice(0, 500) });
    await log([measure('trial.seconds', seconds)]);
    await tracker.endRun(runId, 'FAILED');
  };
  await tracker.setRunTag(runId, { key: trialTag, value: JSON.stringify({ trial: number, rung, point }) });
  const attempts = Number((await tracker.getRun(runId)).tags[attemptsTag] ?? 0) + 1;
  if (attempts > attemptsMax) {
    await fail(`It did not end in ${attemptsMax} attempts.`, 0);
    return null;
  }
  await tracker.setRunTag(runId, { key: attemptsTag, value: String(attempts) });
  return {
    ...{ runId, log, fail },
    finish: async ({ score, seconds, isStopped }) => {
      if (isStopped) await tracker.setRunTag(runId, { key: 'studio.stopped', value: 'early' });
      await log([measure('trial.score', score), measure('trial.seconds', seconds)]);
      await tracker.endRun(runId, 'FINISHED');
    },
  };
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
