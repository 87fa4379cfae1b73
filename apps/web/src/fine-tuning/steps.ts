import type { FineTuningJob } from '@embedding-studio/core';

export const stepNames = ['data', 'train', 'gate', 'deploy', 'reindex', 'verify', 'live'] as const;
export type StepName = (typeof stepNames)[number];
export type StepState = 'done' | 'now' | 'waiting' | 'failed' | 'rejected' | 'skipped';

export interface Step {
  name: StepName;
  state: StepState;
}

/** The step that carries a rollout out of each state. */
const stepAfter: Record<string, StepName> = {
  requested: 'train',
  trained: 'gate',
  gated: 'deploy',
  deployed: 'reindex',
  indexing: 'verify',
  verified: 'live',
};

type JobState = Pick<FineTuningJob, 'status' | 'rolloutState' | 'transitions' | 'progress' | 'runId'>;

/** Where a job is on its way from clicks to live. */
export function stepsOf(job: JobState): Step[] {
  if (job.rolloutState === null) return withoutRollout(job);
  const last = job.transitions.at(-1);
  const hasEnded = job.rolloutState === 'failed' || job.rolloutState === 'rejected';
  const from = hasEnded ? (last?.from ?? 'requested') : job.rolloutState;
  const current = stepAfter[from] ?? null;
  const begun = current === 'train' && job.runId === null && job.status !== 'done' ? 'data' : current;
  const place = begun === null ? stepNames.length : stepNames.indexOf(begun);
  return stepNames.map((name, at) => {
    if (at < place) return { name, state: 'done' };
    if (at > place) return { name, state: hasEnded ? 'skipped' : 'waiting' };
    if (job.rolloutState === 'rejected') return { name, state: 'rejected' };
    return { name, state: hasEnded ? 'failed' : 'now' };
  });
}

function withoutRollout({ status, runId }: JobState): Step[] {
  const isOver = status === 'failed' || status === 'refused' || status === 'canceled';
  const place = status === 'done' ? 2 : runId === null ? 0 : 1;
  return (['data', 'train'] as const).map((name, at) => {
    if (at < place) return { name, state: 'done' };
    if (at > place) return { name, state: isOver ? 'skipped' : 'waiting' };
    return { name, state: isOver ? 'failed' : 'now' };
  });
}

/** One word for a list. */
export function summariseState(job: Pick<FineTuningJob, 'status' | 'rolloutState'>): string {
  const { status, rolloutState } = job;
  if (status === 'canceled') return 'stopped';
  if (rolloutState === null || rolloutState === 'requested') return status === 'processing' ? 'training' : status;
  return rolloutState;
}

export function canStop({ status, rolloutState }: Pick<FineTuningJob, 'status' | 'rolloutState'>): boolean {
  if (rolloutState === null) return status === 'pending' || status === 'processing';
  return rolloutState in stepAfter;
}

export function canResume({ status, rolloutState }: Pick<FineTuningJob, 'status' | 'rolloutState'>): boolean {
  if (status === 'pending' || status === 'processing' || status === 'done') return false;
  return rolloutState === null || rolloutState === 'failed';
}
