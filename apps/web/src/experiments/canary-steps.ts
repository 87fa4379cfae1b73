import type { Standing } from './experiment-types';

export interface StepView {
  /** Of all units that see the new arm. */
  share: number;
  status: 'done' | 'now' | 'ended' | 'waiting';
  /** Of the present step: time and units of the smaller arm that are still missing; null for the others. */
  waitsFor: { ms: number; units: number } | null;
}

/** Where a canary is. `now` null: not known yet, so that no time is named. */
export function canarySteps({ experiment, exposures }: Standing, now: Date | null): StepView[] {
  const { definition, step, stepAt, state } = experiment;
  const plan = definition.canary;
  if (plan === undefined) return [];
  const counted = definition.arms.map(({ name }) => exposures.arms.find(({ arm }) => arm === name)?.units ?? 0);
  return plan.steps.map((share, at) => {
    const status = statusOf(at, step, state);
    if (status !== 'now' || stepAt === null || now === null) return { share, status, waitsFor: null };
    const ms = Math.max(0, stepAt.getTime() + plan.minutesPerStep * 60_000 - now.getTime());
    return { share, status, waitsFor: { ms, units: Math.max(0, plan.unitsPerStep - Math.min(...counted)) } };
  });
}

function statusOf(at: number, step: number | null, state: Standing['experiment']['state']): StepView['status'] {
  if (state === 'shipped') return 'done';
  if (step === null || at > step) return 'waiting';
  if (at < step) return 'done';
  return state === 'running' ? 'now' : 'ended';
}
