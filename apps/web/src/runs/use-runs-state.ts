'use client';

import { runAxes, smoothings } from '@embedding-studio/stats/series';
import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsFloat,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from 'nuqs';

export const views = ['charts', 'table', 'parallel', 'diff'] as const;
export type View = (typeof views)[number];

export const statuses = ['RUNNING', 'FINISHED', 'FAILED', 'KILLED'] as const;

/** All that this page shows is in its address: what one person sees, the link shows to the next. */
const keys = {
  experiment: parseAsString,
  view: parseAsStringLiteral(views).withDefault('charts'),
  q: parseAsString.withDefault(''),
  status: parseAsStringLiteral(statuses),
  /** `started`, `name`, `metrics.KEY` or `params.KEY`. */
  sort: parseAsString.withDefault('started'),
  up: parseAsBoolean.withDefault(false),
  columns: parseAsArrayOf(parseAsString),
  /** Marked runs: what charts, diff and parallel coordinates then show alone. */
  marked: parseAsArrayOf(parseAsString).withDefault([]),
  /** How many of the first runs are drawn when none is marked. */
  first: parseAsInteger.withDefault(20),
  metrics: parseAsArrayOf(parseAsString),
  axis: parseAsStringLiteral(runAxes).withDefault('step'),
  smoothing: parseAsStringLiteral(smoothings).withDefault('ema'),
  strength: parseAsFloat.withDefault(0.6),
  outliers: parseAsBoolean.withDefault(true),
  logX: parseAsBoolean.withDefault(false),
  logY: parseAsBoolean.withDefault(false),
  group: parseAsString,
  from: parseAsFloat,
  to: parseAsFloat,
  /** Parallel coordinates: `KEY:low:high` for every brushed axis. */
  axes: parseAsArrayOf(parseAsString),
  brush: parseAsArrayOf(parseAsString).withDefault([]),
  flipped: parseAsArrayOf(parseAsString).withDefault([]),
  logAxes: parseAsArrayOf(parseAsString).withDefault([]),
  tint: parseAsString,
  all: parseAsBoolean.withDefault(false),
  run: parseAsString,
};

export function useRunsState() {
  return useQueryStates(keys, { history: 'replace', clearOnDefault: true, throttleMs: 80 });
}

export type RunsState = ReturnType<typeof useRunsState>[0];
export type ChangeRunsState = ReturnType<typeof useRunsState>[1];
