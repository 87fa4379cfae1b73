import type { TrainingDataCard, TrainingProgress, TrainingSetSummary } from '@embedding-studio/contracts';

export function formatProgress(progress: TrainingProgress): string {
  const { step, stepsTotal, loss, learningRate, gradientNorm, examplesPerSecond, secondsLeft } = progress;
  return [
    `Step ${step} of ${stepsTotal}: loss ${loss.toFixed(4)}`,
    `learning rate ${learningRate.toExponential(2)}`,
    `gradient ${gradientNorm.toFixed(3)}`,
    `${examplesPerSecond.toFixed(1)} queries/s`,
    `${Math.round(secondsLeft)} s left`,
  ].join(', ');
}

export function formatCard({ sessions, queries, pairs, overlap }: TrainingDataCard): string {
  const heldOut = sessions.heldOut + sessions.heldOutUnseen;
  return (
    `${sessions.total} sessions: ${queries} queries with ${pairs} clicked items train, ${heldOut} sessions are held out ` +
    `for the gate, ${overlap} queries are on both sides.`
  );
}

export function formatNear({ cosine, groups, queries, reason }: NonNullable<TrainingDataCard['nearQueries']>): string {
  return cosine === null ? reason : `${reason} ${queries} queries form ${groups} such groups.`;
}

export function formatFrozen({ rows, rowsUsed, hash }: TrainingSetSummary): string {
  return `${rowsUsed} of ${rows} labelled rows train; all are kept with the run, SHA-256 ${hash.slice(0, 12)}….`;
}

/** How far down people still look, and what was made of it. */
export function formatBias({ curve, reason }: NonNullable<TrainingDataCard['positionBias']>): string {
  const last = curve.points.findLast(({ isCarried }) => !isCarried);
  const found =
    last === undefined || last.rank === 1
      ? ''
      : ` Rank ${last.rank} is looked at ${last.theta.toFixed(2)} times as often as rank 1 (${curve.method}).`;
  return `Position bias: ${reason}${found}`;
}

/** More than half of what could teach was left out: worth a look at why. */
export function warnOfDropped({ sessions, dropped }: TrainingDataCard): string | null {
  const total = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  if (total * 2 <= sessions.train) return null;
  const reasons = Object.entries(dropped)
    .sort((left, right) => right[1] - left[1])
    .map(([reason, count]) => `${reason} ${count}`);
  return `${total} of ${sessions.train} training sessions teach nothing: ${reasons.join(', ')}.`;
}

/** Nested settings as flat params, as trackers keep them: `loss.kind`, `trainable.layers`, … */
export function paramsOf(record: Record<string, unknown>, prefix = ''): Record<string, string> {
  const params: Record<string, string> = {};
  for (const [key, value] of Object.entries(record)) {
    const name = `${prefix}${key}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      Object.assign(params, paramsOf(value as Record<string, unknown>, `${name}.`));
    else if (value !== undefined) params[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return params;
}
