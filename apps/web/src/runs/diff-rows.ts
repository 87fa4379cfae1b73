import type { RunRow } from '@embedding-studio/core';

export interface DiffRow {
  kind: 'param' | 'metric';
  key: string;
  /** One per run, in their order; null where a run has none. */
  values: (string | number | null)[];
  isEqual: boolean;
}

/** Params and metrics of runs side by side. */
export function diffRuns(runs: readonly RunRow[]): DiffRow[] {
  const rowsOf = (kind: DiffRow['kind'], pick: (run: RunRow) => Record<string, string | number>): DiffRow[] => {
    const keys = [...new Set(runs.flatMap((run) => Object.keys(pick(run))))].sort();
    return keys.map((key) => {
      const values = runs.map((run) => pick(run)[key] ?? null);
      return { kind, key, values, isEqual: values.every((value) => value === values[0]) };
    });
  };
  return [...rowsOf('param', (run) => run.params), ...rowsOf('metric', (run) => run.metrics)];
}
