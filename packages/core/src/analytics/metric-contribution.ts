import {
  type MetricContribution,
  type MetricDefinition,
  type MetricId,
  metrics,
  type Quantity,
} from '@embedding-studio/contracts';
import { type Measured, quantityOf } from './quantities.ts';

const definitions = new Map<string, MetricDefinition>(metrics.map((metric) => [metric.id, metric]));

/** Figures that are sums over sessions, so that they can also be made for each user or session alone. */
export function isPerSession(metricId: MetricId): boolean {
  const kind = definitions.get(metricId)?.formula.kind;
  return kind === 'sum' || kind === 'ratio';
}

/**
 * What one session adds to a figure, by the definition that analytics use. Null where the session does not count as a
 * search, and for figures that are no sums over sessions (users, percentiles, coverage).
 */
export function metricContribution(metricId: MetricId, session: Measured): MetricContribution | null {
  const formula = definitions.get(metricId)?.formula;
  if (formula === undefined || !session.flags.includes('counted')) return null;
  const read = (quantity: Quantity) => quantityOf(quantity, session);
  if (formula.kind === 'sum') return { numerator: read(formula.of), denominator: null, evidence: 1 };
  if (formula.kind !== 'ratio') return null;
  const denominator = read(formula.over);
  const evidence = formula.needs === undefined ? denominator : read(formula.needs);
  return { numerator: read(formula.of), denominator, evidence };
}
