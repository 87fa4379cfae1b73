export interface Rung {
  /** Trials that run on it. */
  trials: number;
  /** Of each, seconds. */
  seconds: number;
}

export interface HalvingRequest {
  /** On the first rung. */
  trials: number;
  /** Of all trials of all rungs together. */
  secondsMax: number;
  /** One of so many goes on to the next rung, which gives it so many times the seconds. Default 3. */
  keepOneOf?: number;
  /** Less than this per trial tells nothing; fewer trials run then. Default 1. */
  secondsMin?: number;
}

/** One training of one trial. */
export interface TrialResult {
  trial: number;
  rung: number;
  /** null: it failed. */
  score: number | null;
  /** What it really took. */
  seconds: number;
}

export type HalvingStep =
  | { kind: 'run'; trial: number; rung: number; seconds: number }
  | { kind: 'done'; best: TrialResult | null; why: 'finished' | 'budget' };

/** Rungs of about equal cost, together within the budget; a single rung where there is time or there are trials for no more. */
export function planHalving({ trials, secondsMax, keepOneOf = 3, secondsMin = 1 }: HalvingRequest): Rung[] {
  for (let first = Math.max(1, Math.floor(trials)); ; first--) {
    const counts = [first];
    while ((counts.at(-1) ?? 1) > keepOneOf) counts.push(Math.floor((counts.at(-1) ?? 1) / keepOneOf));
    const shares = counts.map((count, rung) => count * keepOneOf ** rung);
    const seconds = secondsMax / shares.reduce((sum, share) => sum + share, 0);
    if (seconds >= secondsMin || first === 1)
      return counts.map((count, rung) => ({ trials: count, seconds: seconds * keepOneOf ** rung }));
  }
}

/**
 * What to do next, from what has been done: so that a search which was cut short goes on where it was. Trials of a
 * rung run in order; the best of a finished rung go on. A failed trial scores less than any other.
 */
export function nextStep(plan: readonly Rung[], done: readonly TrialResult[], secondsMax: number): HalvingStep {
  const spent = done.reduce((sum, { seconds }) => sum + seconds, 0);
  let entrants = Array.from({ length: plan[0]?.trials ?? 0 }, (_, trial) => trial);
  for (const [rung, { seconds }] of plan.entries()) {
    const own = done.filter((result) => result.rung === rung);
    const trial = entrants.find((one) => !own.some((result) => result.trial === one));
    if (trial !== undefined)
      // A trial that would have less than half of its time could not be compared with the others.
      return secondsMax - spent < seconds / 2
        ? { kind: 'done', best: findBest(done), why: 'budget' }
        : { kind: 'run', trial, rung, seconds: Math.min(seconds, secondsMax - spent) };
    entrants = order(own)
      .filter(({ score }) => score !== null)
      .slice(0, plan[rung + 1]?.trials ?? 0)
      .map((result) => result.trial);
    if (entrants.length === 0) break;
  }
  return { kind: 'done', best: findBest(done), why: 'finished' };
}

/** The best of the highest rung that any trial got through; null: all failed. */
export function findBest(done: readonly TrialResult[]): TrialResult | null {
  const scored = done.filter(({ score }) => score !== null);
  const highest = Math.max(...scored.map(({ rung }) => rung));
  return order(scored.filter(({ rung }) => rung === highest))[0] ?? null;
}

/** Best first; of equals the earlier one. */
function order(results: readonly TrialResult[]): TrialResult[] {
  const value = ({ score }: TrialResult) => score ?? Number.NEGATIVE_INFINITY;
  return [...results].sort((left, right) => value(right) - value(left) || left.trial - right.trial);
}
