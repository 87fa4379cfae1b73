import type { ExperimentDefinition, Interval, MetricDefinition, ReadoutResult } from '@embedding-studio/contracts';
import {
  type ArmMoments,
  type ArmPair,
  type BayesVerdict,
  type Bounded,
  type Comparison,
  compareBayes,
  compareSequential,
  compareWelch,
  type Direction,
  type Fault,
} from '@embedding-studio/stats';
import { type ArmMetrics, adjustArms, type MetricSums, summariseArm } from './metric-moments.ts';

export type Design = Pick<ExperimentDefinition, 'alpha' | 'analysis' | 'unitsExpected' | 'unitsMin'>;

/** Where neither is good, more is taken for good. */
export function directionOf({ better }: Pick<MetricDefinition, 'better'>): Direction {
  return better === 'down' ? 'down' : 'up';
}

export function toInterval({ value, lo, hi }: Bounded): Interval {
  return { mean: value, lo, hi };
}

export function toFault(fault: Fault): Exclude<ReadoutResult, { kind: 'estimated' }> {
  if (fault.kind === 'invalid') return fault;
  return { kind: 'insufficient', reason: sentence(fault.reason), have: fault.have, need: fault.needed ?? null };
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** An arm and the control, as measured and as compared. */
export interface Compared {
  raw: ArmPair;
  /** After CUPED where there is a past. */
  pair: ArmPair;
  explained: number | null;
}

/** Every arm but the control against it; the others help to know the past. */
export function pairArms(
  metric: ArmMetrics,
  { design, hasPast }: { design: Design; hasPast: boolean },
): (Compared | ReturnType<typeof toFault>)[] {
  const [control, ...others] = metric.arms;
  if (control === undefined) return [];
  const adjusted = hasPast ? adjustArms(metric) : null;
  return others.map((arm, at) => {
    const missing = findMissing([control, arm], design);
    if (missing !== null) return missing;
    const [ofControl, ofArm] = [summariseArm(control, metric.isRatio), summariseArm(arm, metric.isRatio)];
    if (ofControl.kind !== 'estimated') return toFault(ofControl);
    if (ofArm.kind !== 'estimated') return toFault(ofArm);
    const raw = { control: momentsOf(ofControl), treatment: momentsOf(ofArm) };
    const [first, second] = [adjusted?.arms[0], adjusted?.arms[at + 1]];
    if (adjusted === null || first === undefined || second === undefined) return { raw, pair: raw, explained: null };
    return { raw, pair: { control: first, treatment: second }, explained: adjusted.explained };
  });
}

const momentsOf = ({ n, mean, variance }: ArmMoments): ArmMoments => ({ n, mean, variance });

function findMissing(
  arms: readonly MetricSums[],
  { unitsMin }: Design,
): (ReadoutResult & { kind: 'insufficient' }) | null {
  const have = Math.min(...arms.map(({ moments }) => moments.n));
  if (have < unitsMin)
    return {
      kind: 'insufficient',
      reason: `Each arm needs ${unitsMin} ${unitsMin === 1 ? 'unit' : 'units'}.`,
      have,
      need: unitsMin,
    };
  if (arms.every(({ evidence }) => evidence > 0)) return null;
  return {
    kind: 'insufficient',
    reason: 'Nothing that the metric is made of was measured in an arm.',
    have: 0,
    need: null,
  };
}

/** By the experiment's own analysis. `adjustedP` is filled in once all tests are known. */
export function compareArm(compared: Compared, metric: MetricDefinition, design: Design): ReadoutResult {
  const { alpha, analysis, unitsExpected } = design;
  const { pair } = compared;
  if (analysis === 'bayesian') {
    const found = compareBayes(pair, { better: directionOf(metric), level: 1 - alpha });
    return found.kind === 'estimated' ? describeBayes(compared, found) : toFault(found);
  }
  const have = pair.control.n + pair.treatment.n;
  if (analysis === 'fixed' && have < unitsExpected)
    return {
      ...{ kind: 'insufficient', have, need: unitsExpected },
      reason: `A fixed analysis is read once, when ${unitsExpected} units have come.`,
    };
  return compareOften(compared, design, analysis === 'fixed');
}

/** Fixed: valid at one look only. */
export function compareOften(compared: Compared, design: Design, isFixed = false): ReadoutResult {
  const { alpha, unitsExpected } = design;
  const { pair } = compared;
  const found = isFixed
    ? compareWelch(pair, { alpha })
    : compareSequential(pair, { alpha, expectedUnits: unitsExpected });
  return found.kind === 'estimated' ? describe(compared, found) : toFault(found);
}

function describe({ raw, explained }: Compared, found: Comparison): ReadoutResult {
  return {
    ...{ kind: 'estimated', control: raw.control.mean, value: raw.treatment.mean },
    difference: toInterval(found.absolute),
    relative: found.relative === null ? null : toInterval(found.relative),
    ...{ p: found.p, adjustedP: null, chanceToWin: null, expectedLoss: null, explained },
  };
}

function describeBayes(
  { raw, pair, explained }: Compared,
  { lift, chanceToWin, expectedLoss }: BayesVerdict,
): ReadoutResult {
  const scale = Math.abs(pair.control.mean);
  const difference = { mean: lift.value * scale, lo: lift.lo * scale, hi: lift.hi * scale };
  return {
    ...{ kind: 'estimated', control: raw.control.mean, value: raw.treatment.mean, difference },
    relative: toInterval(lift),
    ...{ p: null, adjustedP: null, chanceToWin, expectedLoss: expectedLoss.ship * scale, explained },
  };
}
