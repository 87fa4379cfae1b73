import { CanaryPlan, ExperimentDefinition, metrics, StudioError } from '@embedding-studio/contracts';
import { parseInput } from '../parse-input.ts';

/** Metrics that are a mean or a ratio over units, and so can be compared between arms. */
export const comparableMetrics: readonly string[] = metrics
  .filter(({ formula }) => formula.kind === 'ratio' || formula.kind === 'sum')
  .map(({ id }) => id);

/** The definition with its defaults, or INPUT_INVALID with the field that is wrong. */
export function checkDefinition(input: unknown): ExperimentDefinition {
  const definition = parseInput(ExperimentDefinition, input);
  const { kind, arms } = definition;
  const names = arms.map(({ name }) => name);
  refuseIf(new Set(names).size < names.length, 'arms', 'every arm needs a name of its own');
  refuseIf(kind !== 'ab' && arms.length !== 2, 'arms', `${kind} compares exactly two arms`);
  refuseIf(definition.unit === 'key' && kind === 'canary', 'unit', 'a canary grows by users or sessions, not by keys');
  refuseIf(definition.canary !== undefined && kind !== 'canary', 'canary', 'only a canary has steps');
  const [control, ...others] = arms;
  const isSame = others.some(({ treatment }) => JSON.stringify(treatment) === JSON.stringify(control?.treatment));
  refuseIf(isSame && kind !== 'ab', 'arms', 'both arms would answer alike');
  const asked = [
    ['primaryMetric', definition.primaryMetric],
    ...definition.secondaryMetrics.map((metric, at) => [`secondaryMetrics.${at}`, metric]),
    ...definition.guardrails.map(({ metric }, at) => [`guardrails.${at}.metric`, metric]),
  ] as [string, string][];
  for (const [field, metric] of asked)
    refuseIf(
      !comparableMetrics.includes(metric),
      field,
      `no metric is named ${metric}; there are ${comparableMetrics.join(', ')}`,
    );
  return kind === 'canary' ? asCanary(definition) : definition;
}

/** Arms of equal weight, with as much traffic as its first step takes. */
function asCanary(definition: ExperimentDefinition): ExperimentDefinition {
  const canary = parseInput(CanaryPlan, definition.canary ?? {});
  const isRising = canary.steps.every((step, at) => at === 0 || step > (canary.steps[at - 1] ?? 0));
  refuseIf(!isRising, 'canary.steps', 'each step must be larger than the one before');
  const arms = definition.arms.map((arm) => ({ ...arm, weight: 1 }));
  return { ...definition, canary, arms, traffic: trafficOf(canary.steps[0] ?? 0) };
}

/** As many units again see the control and are compared with those that see the new arm. */
export function trafficOf(step: number): number {
  return Math.min(1, 2 * step);
}

function refuseIf(isWrong: boolean, field: string, words: string): void {
  if (isWrong) throw new StudioError('INPUT_INVALID', `${field}: ${words}.`, { field });
}
