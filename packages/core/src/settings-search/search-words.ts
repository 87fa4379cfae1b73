import type { HalvingStep, Rung, SearchPoint, SearchSpace, TrialResult } from '@embedding-studio/stats';

export function sayPlan(search: { plan: readonly Rung[]; space: SearchSpace; secondsMax: number }): string {
  const rungs = search.plan.map(({ trials, seconds }) => `${trials} × ${Math.round(seconds)} s`).join(', then ');
  const names = Object.keys(search.space).join(', ');
  return `Settings search within ${Math.round(search.secondsMax)} s over ${names}: ${rungs}.`;
}

export function sayTrial(trial: {
  step: { trial: number; rung: number };
  point: SearchPoint;
  outcome: { score: number | null; seconds: number; why: string };
}): string {
  const { step, point, outcome } = trial;
  const name = `Trial ${step.trial + 1}, rung ${step.rung + 1} (${sayPoint(point)})`;
  const after = `after ${Math.round(outcome.seconds)} s`;
  if (outcome.score === null) return `${name} failed ${after}: ${outcome.why}`;
  return `${name}: nDCG@10 ${outcome.score.toFixed(4)} ${after}${outcome.why === '' ? '' : `, ${outcome.why}`}.`;
}

export function sayBest(end: {
  step: Extract<HalvingStep, { kind: 'done' }>;
  point: SearchPoint;
  done: readonly TrialResult[];
}): string {
  const { step, point, done } = end;
  const failed = done.filter(({ score }) => score === null).length;
  const count = `${done.length} trainings, ${failed} failed${step.why === 'budget' ? ', the time is up' : ''}`;
  if (step.best === null) return `Settings search: ${count}. No trial succeeded: the settings as given are trained.`;
  const { trial, score } = step.best;
  return `Settings search: ${count}. Best: trial ${trial + 1} with nDCG@10 ${score?.toFixed(4)}; trains with ${sayPoint(point)}.`;
}

export function sayPoint(point: SearchPoint): string {
  const pairs = Object.entries(point).map(([name, value]) => `${name} ${sayValue(value)}`);
  return pairs.length === 0 ? 'the settings as given' : pairs.join(', ');
}

function sayValue(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([key, inner]) => (key === 'kind' ? String(inner) : `${key} ${String(inner)}`))
      .join(' ');
  return String(value);
}
