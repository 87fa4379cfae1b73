import type { ExperimentDefinition, Readout } from '@embedding-studio/contracts';
import { directionOf } from '../readout/compare-arms.ts';
import { findMetric } from '../readout/compute-metrics.ts';
import { changeWords, metricTitle, percent } from '../readout/readout-words.ts';

/**
 * Guardrails that no breach is shown of, and that nobody would sign either: what was measured is worse than allowed,
 * only not beyond doubt yet, or too few units have come. In words, one each.
 */
export function findOpenGuardrails(
  { metrics }: Pick<Readout, 'metrics'>,
  { guardrails, alpha }: Pick<ExperimentDefinition, 'guardrails' | 'alpha'>,
): string[] {
  return metrics.flatMap(({ metric, role, arms }) => {
    if (role !== 'guardrail') return [];
    const lossMax = guardrails.find((guardrail) => guardrail.metric === metric)?.lossMax ?? 0;
    const better = directionOf(findMetric(metric) ?? { better: 'up' });
    return arms.flatMap(({ result }) => {
      const title = metricTitle(metric);
      if (result.kind === 'insufficient' && result.need !== null) return [`${title}: ${result.reason}`];
      if (result.kind !== 'estimated' || result.relative === null) return [];
      const loss = better === 'up' ? -result.relative.mean : result.relative.mean;
      if (loss <= lossMax) return [];
      return [`${title} changes by ${changeWords(result, alpha)}, where at most ${percent(lossMax)} worse is allowed`];
    });
  });
}
