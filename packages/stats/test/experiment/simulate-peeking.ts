import {
  type ArmMoments,
  type ArmPair,
  checkGuardrail,
  compareMsprt,
  compareSequential,
  compareWelch,
  createSeededRandom,
  type PairStats,
  type Result,
  type SeededRandom,
  summariseRatio,
} from '../../src/index.ts';

/** One unit's part of the metric: x sessions, y what they brought. */
export interface Visit {
  x: number;
  y: number;
}

export type DrawVisit = (random: SeededRandom) => Visit;

/** Metrics by how hard they are: shares, spending (nine of ten nothing, the rest far apart), clicks of uneven users. */
export const visits: Record<'share' | 'spending' | 'ratio', DrawVisit> = {
  share: (random) => ({ x: 1, y: random.next() < 0.3 ? 1 : 0 }),
  spending: (random) => ({ x: 1, y: random.next() < 0.1 ? Math.exp(2 - Math.log(1 - random.next())) ** 0.6 : 0 }),
  ratio: (random) => {
    const keenness = 0.6 * random.next() ** 2;
    const visit = { x: 1 + random.nextIndex(5), y: 0 };
    for (let session = 0; session < visit.x; session++) if (random.next() < keenness) visit.y++;
    return visit;
  },
};

export interface PeekingSettings {
  draw: DrawVisit;
  runs: number;
  sessions: number;
  /** Sessions between two looks. */
  every: number;
  /** Of mSPRT. */
  tau: number;
  seed: number;
}

export interface FalseAlarms {
  sequential: number;
  msprt: number;
  guardrail: number;
  welch: number;
}

/** Shares of runs without any difference that raise an alarm at one look at least. */
export function simulatePeeking(settings: PeekingSettings): FalseAlarms {
  const alarms: FalseAlarms = { sequential: 0, msprt: 0, guardrail: 0, welch: 0 };
  for (let run = 0; run < settings.runs; run++) {
    const seen = peekOnce(settings, createSeededRandom(settings.seed + run));
    for (const name of ['sequential', 'msprt', 'guardrail', 'welch'] as const)
      if (seen.has(name)) alarms[name] += 1 / settings.runs;
  }
  return alarms;
}

function peekOnce({ draw, sessions, every, tau }: PeekingSettings, random: SeededRandom): Set<keyof FalseAlarms> {
  const arms = [emptySums(), emptySums()] as const;
  const seen = new Set<keyof FalseAlarms>();
  let [passed, nextLook] = [0, every];
  while (passed < sessions) {
    const visit = draw(random);
    addVisit(random.next() < 0.5 ? arms[0] : arms[1], visit);
    passed += visit.x;
    if (passed < nextLook) continue;
    nextLook += every;
    const pair = pairOf(arms);
    if (pair === null) continue;
    if (isSignificant(compareSequential(pair))) seen.add('sequential');
    if (isSignificant(compareMsprt(pair, { tau }))) seen.add('msprt');
    if (!seen.has('welch') && isSignificant(compareWelch(pair))) seen.add('welch');
    const guard = checkGuardrail(pair, { better: 'up', allowed: { absolute: 0 } });
    if (guard.kind === 'estimated' && guard.state === 'breached') seen.add('guardrail');
  }
  return seen;
}

export interface BreachSettings {
  /** Chance of a click in a session, in the control and in the treatment. */
  rates: readonly [control: number, treatment: number];
  /** Share of sessions that the treatment gets. */
  share: number;
  allowed: number;
  runs: number;
  /** Sessions after which a run is given up. */
  most: number;
  every: number;
  seed: number;
}

/** Sessions that the guardrail needs to see a bad treatment, by run, ascending; Infinity where it did not. */
export function simulateBreach({ rates, share, allowed, runs, most, every, seed }: BreachSettings): number[] {
  const random = createSeededRandom(seed);
  const waits: number[] = [];
  for (let run = 0; run < runs; run++) {
    const arms = [emptySums(), emptySums()] as const;
    let wait = Number.POSITIVE_INFINITY;
    for (let session = 1; session <= most && wait > most; session++) {
      const arm = random.next() < share ? 1 : 0;
      addVisit(arms[arm], { x: 1, y: random.next() < rates[arm] ? 1 : 0 });
      if (session % every !== 0) continue;
      const pair = pairOf(arms);
      const check = pair && checkGuardrail(pair, { better: 'up', allowed: { relative: allowed } });
      if (check?.kind === 'estimated' && check.state === 'breached') wait = session;
    }
    waits.push(wait);
  }
  return waits.sort((left, right) => left - right);
}

function isSignificant(result: Result<{ p: number }>): boolean {
  return result.kind === 'estimated' && result.p < 0.05;
}

export function emptySums(): PairStats {
  return { n: 0, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 };
}

export function addVisit(sums: PairStats, { x, y }: Visit): void {
  sums.n++;
  sums.sumX += x;
  sums.sumY += y;
  sums.sumXX += x * x;
  sums.sumYY += y * y;
  sums.sumXY += x * y;
}

export function pairOf([control, treatment]: readonly [PairStats, PairStats]): ArmPair | null {
  const moments = [summariseRatio(control), summariseRatio(treatment)];
  const [left, right] = moments.filter((arm): arm is { kind: 'estimated' } & ArmMoments => arm.kind === 'estimated');
  return left && right ? { control: left, treatment: right } : null;
}
