import type { RunOrder, RunSearch, TrackedRun } from '@embedding-studio/contracts';

/** The runs that match, in the order wanted; `runs` come newest first. */
export function selectRuns(runs: readonly TrackedRun[], search: Omit<RunSearch, 'after' | 'limit'>): TrackedRun[] {
  const text = search.text?.toLowerCase();
  const params = Object.entries(search.params ?? {});
  const found = runs.filter(
    (run) =>
      (search.status === undefined || run.status === search.status) &&
      (search.parentRunId === undefined || run.parentRunId === search.parentRunId) &&
      (text === undefined || run.name.toLowerCase().includes(text)) &&
      params.every(([key, value]) => Object.hasOwn(run.params, key) && run.params[key] === value),
  );
  return order(found, search.order ?? { by: 'started', descending: true });
}

function order(runs: TrackedRun[], by: RunOrder): TrackedRun[] {
  if (by.by === 'started') return by.descending ? runs : runs.toReversed();
  const values = readValues(runs, by);
  const sign = by.descending ? -1 : 1;
  const known = runs.filter(({ runId }) => values.has(runId));
  known.sort((left, right) => sign * compare(values.get(left.runId), values.get(right.runId)));
  return [...known, ...runs.filter(({ runId }) => !values.has(runId))];
}

type SortValue = string | number;

function readValues(runs: readonly TrackedRun[], { by, key = '' }: RunOrder): Map<string, SortValue> {
  if (by === 'name') return new Map(runs.map(({ runId, name }) => [runId, name]));
  const holds = runs.filter((run) => Object.hasOwn(by === 'metric' ? run.metrics : run.params, key));
  if (by === 'metric') {
    const values = holds.map(({ runId, metrics }) => [runId, metrics[key] ?? Number.NaN] as const);
    return new Map(values.filter(([, value]) => !Number.isNaN(value)));
  }
  const texts = holds.map(({ runId, params }) => [runId, params[key] ?? ''] as const);
  const isNumeric = texts.every(([, text]) => text.trim() !== '' && Number.isFinite(Number(text)));
  return new Map(texts.map(([id, text]) => [id, isNumeric ? Number(text) : text]));
}

function compare(left: SortValue | undefined, right: SortValue | undefined): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left) < String(right) ? -1 : Number(String(left) > String(right));
}
