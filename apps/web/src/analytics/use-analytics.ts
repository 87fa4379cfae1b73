'use client';

import { type MetricDefinition, type MetricId, metrics } from '@embedding-studio/contracts';
import type { ListQueriesInput, SliceBy } from '@embedding-studio/core';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { sliceTitles } from './slice-words';

export type QueryOrder = NonNullable<ListQueriesInput['order']>;

export const orders = ['frequent', 'losers', 'unsatisfied', 'zero', 'unclicked'] as const satisfies QueryOrder[];

const inAddress = {
  metric: parseAsStringLiteral(metrics.map(({ id }) => id) as MetricId[]).withDefault('ctr@10'),
  by: parseAsStringLiteral(Object.keys(sliceTitles) as SliceBy[]),
  /** Whether the period before is drawn too. */
  past: parseAsBoolean.withDefault(true),
  list: parseAsStringLiteral<QueryOrder>(orders).withDefault('frequent'),
  words: parseAsString.withDefault(''),
  /** The query that is open beside the list. */
  query: parseAsString,
};

export function useAnalytics() {
  const [state, setState] = useQueryStates(inAddress, { history: 'push' });
  const change = (next: Partial<typeof state>) => void setState(next);
  return { state, change };
}

export type AnalyticsState = ReturnType<typeof useAnalytics>['state'];
export type ChangeAnalytics = ReturnType<typeof useAnalytics>['change'];

export function metricOf(id: MetricId): MetricDefinition {
  return metrics.find((metric) => metric.id === id) ?? metrics[0];
}

/** Different users and items are counted as a whole only. */
export function isSliceable({ formula }: MetricDefinition): boolean {
  return formula.kind !== 'users' && formula.kind !== 'coverage';
}
