import {
  type ExperimentDefinition,
  type Guardrail,
  type MetricDefinition,
  metrics,
  type ReadoutMetric,
  type ReadoutResult,
} from '@embedding-studio/contracts';
import { adjustBenjaminiHochberg, adjustHolm, checkGuardrail } from '@embedding-studio/stats';
import { type Compared, compareArm, compareOften, directionOf, pairArms, toFault } from './compare-arms.ts';
import type { ArmSums, ReadoutInputs } from './readout-inputs.ts';

const definitions = new Map<string, MetricDefinition>(metrics.map((metric) => [metric.id, metric]));

export function findMetric(id: string): MetricDefinition | undefined {
  return definitions.get(id);
}

/** Goal, other and guarded metrics of every arm but the control, corrected for how many are tested at once. */
export function computeMetrics(inputs: ReadoutInputs): ReadoutMetric[] {
  const { primaryMetric, secondaryMetrics, guardrails } = inputs.definition;
  const primary = computeRole(inputs, { metric: primaryMetric, role: 'primary' });
  const secondary = secondaryMetrics.map((metric) => computeRole(inputs, { metric, role: 'secondary' }));
  adjust([primary], adjustHolm);
  adjust(secondary, adjustBenjaminiHochberg);
  return [primary, ...secondary, ...guardrails.map((guardrail) => computeGuardrail(inputs, guardrail))];
}

/** Without anything to compare, and why. */
export function invalidMetrics({ definition, arms }: ReadoutInputs, reason: string): ReadoutMetric[] {
  const { primaryMetric, secondaryMetrics, guardrails } = definition;
  const say = (metric: string, role: ReadoutMetric['role']): ReadoutMetric => ({
    ...{ metric, role },
    arms: arms.slice(1).map(({ arm }) => ({ arm, result: { kind: 'invalid', reason }, isBreached: false })),
  });
  return [
    say(primaryMetric, 'primary'),
    ...secondaryMetrics.map((metric) => say(metric, 'secondary')),
    ...guardrails.map(({ metric }) => say(metric, 'guardrail')),
  ];
}

function computeRole(
  inputs: ReadoutInputs,
  { metric, role }: { metric: string; role: 'primary' | 'secondary' },
): ReadoutMetric {
  const judge = (compared: Compared, found: MetricDefinition) => ({
    result: compareArm(compared, found, inputs.definition),
    isBreached: false,
  });
  return { metric, role, arms: judgeArms(inputs, metric, judge) };
}

/** Shown with the interval that may be looked at any time, whatever the analysis of the goals is. */
function computeGuardrail(inputs: ReadoutInputs, { metric, lossMax }: Guardrail): ReadoutMetric {
  const { definition } = inputs;
  const judge = (compared: Compared, found: MetricDefinition) => ({
    result: compareOften(compared, definition),
    isBreached: isBreached(compared, { found, lossMax, definition }),
  });
  return { metric, role: 'guardrail', arms: judgeArms(inputs, metric, judge) };
}

function isBreached(
  { pair }: Compared,
  { found, lossMax, definition }: { found: MetricDefinition; lossMax: number; definition: ExperimentDefinition },
): boolean {
  const check = checkGuardrail(pair, {
    ...{ better: directionOf(found), alpha: definition.alpha, expectedUnits: definition.unitsExpected },
    allowed: { relative: lossMax },
  });
  return check.kind === 'estimated' && check.state === 'breached';
}

type Judged = Omit<ReadoutMetric['arms'][number], 'arm'>;

function judgeArms(
  { arms, definition, hasPast }: ReadoutInputs,
  metric: string,
  judge: (compared: Compared, found: MetricDefinition) => Judged,
): ReadoutMetric['arms'] {
  const names = arms.slice(1).map(({ arm }) => arm);
  const found = definitions.get(metric);
  const sums = arms.map((arm: ArmSums) => arm.metrics[metric]);
  const known = sums.flatMap((one) => one ?? []);
  if (
    found === undefined ||
    known.length < sums.length ||
    (found.formula.kind !== 'ratio' && found.formula.kind !== 'sum')
  )
    return names.map((arm) => ({ arm, result: { kind: 'invalid', reason: noMetric(metric) }, isBreached: false }));
  const pairs = pairArms({ isRatio: found.formula.kind === 'ratio', arms: known }, { design: definition, hasPast });
  return names.map((arm, at) => {
    const compared = pairs[at];
    if (compared === undefined || 'kind' in compared)
      return { arm, result: compared ?? toFault({ kind: 'invalid', reason: noMetric(metric) }), isBreached: false };
    return { arm, ...judge(compared, found) };
  });
}

const noMetric = (metric: string): string => `${metric} is no mean or ratio over units; choose another metric.`;

type Correction = (pValues: readonly number[]) => number[];

function adjust(rows: readonly ReadoutMetric[], correct: Correction): void {
  adjustTests(
    rows.flatMap(({ arms }) => arms.map(({ result }) => result)),
    correct,
  );
}

/** Writes what becomes of each p when all of these are tests of one kind. */
export function adjustTests(results: readonly ReadoutResult[], correct: Correction): void {
  const tests = results.filter(hasP);
  const adjusted = correct(tests.map(({ p }) => p));
  for (const [at, test] of tests.entries()) test.adjustedP = adjusted[at] ?? null;
}

function hasP(result: ReadoutResult): result is ReadoutResult & { kind: 'estimated'; p: number } {
  return result.kind === 'estimated' && result.p !== null;
}
