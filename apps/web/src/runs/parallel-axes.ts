import type { RunColumns, RunRow } from '@embedding-studio/core';

export interface ParallelAxis {
  /** `params.KEY` or `metrics.KEY`. */
  key: string;
  label: string;
  isLog: boolean;
  isFlipped: boolean;
  /** Places from 0 (bottom) to 1; null where the run has no value that the axis can show. */
  place(run: RunRow): number | null;
  ticks: { at: number; label: string }[];
}

export interface AxisOptions {
  flipped: readonly string[];
  logAxes: readonly string[];
}

export function readValue(run: RunRow, key: string): string | number | null {
  if (key.startsWith('metrics.')) return run.metrics[key.slice('metrics.'.length)] ?? null;
  return run.params[key.slice('params.'.length)] ?? null;
}

export function createAxis(key: string, runs: readonly RunRow[], options: AxisOptions): ParallelAxis {
  const label = key.slice(key.indexOf('.') + 1);
  const values = runs.map((run) => readValue(run, key)).filter((value) => value !== null);
  const isNumeric = values.length > 0 && values.every((value) => value !== '' && Number.isFinite(Number(value)));
  const isFlipped = options.flipped.includes(key);
  const turn = (place: number) => (isFlipped ? 1 - place : place);
  if (!isNumeric) return { key, label, isFlipped, isLog: false, ...categories(key, values.map(String), turn) };
  const isLog = options.logAxes.includes(key) && values.every((value) => Number(value) > 0);
  return { key, label, isFlipped, isLog, ...numbers(key, values.map(Number), { isLog, turn }) };
}

type Placing = Pick<ParallelAxis, 'place' | 'ticks'>;

function categories(key: string, values: readonly string[], turn: (place: number) => number): Placing {
  const names = [...new Set(values)].sort();
  const placeOf = new Map(names.map((name, at) => [name, names.length === 1 ? 0.5 : at / (names.length - 1)]));
  return {
    place: (run) => {
      const place = placeOf.get(String(readValue(run, key)));
      return place === undefined ? null : turn(place);
    },
    ticks: names.slice(0, 12).map((name) => ({ at: turn(placeOf.get(name) ?? 0), label: name })),
  };
}

const ticksWanted = 5;

function numbers(
  key: string,
  values: readonly number[],
  { isLog, turn }: { isLog: boolean; turn: (place: number) => number },
): Placing {
  const forward = isLog ? Math.log10 : (value: number) => value;
  const back = isLog ? (value: number) => 10 ** value : (value: number) => value;
  const low = forward(Math.min(...values));
  const width = forward(Math.max(...values)) - low;
  const placeOf = (value: number) => (width === 0 ? 0.5 : (forward(value) - low) / width);
  const count = width === 0 ? 1 : ticksWanted;
  return {
    place: (run) => {
      const value = readValue(run, key);
      return value === null || value === '' ? null : turn(placeOf(Number(value)));
    },
    ticks: Array.from({ length: count }, (_, at) => {
      const value = back(low + (count === 1 ? 0 : (width * at) / (count - 1)));
      return { at: turn(placeOf(value)), label: String(Number(value.toPrecision(3))) };
    }),
  };
}

/** Ranges by axis, as the address holds them: `KEY:low:high`, places on the axis. */
export type Brushes = ReadonlyMap<string, readonly [number, number]>;

export function readBrushes(texts: readonly string[]): Brushes {
  return new Map(
    texts.flatMap((text): [string, readonly [number, number]][] => {
      const [high, low, ...key] = text.split(':').reverse();
      const range = [Number(low), Number(high)] as const;
      return key.length === 0 || !range.every(Number.isFinite) ? [] : [[key.reverse().join(':'), range]];
    }),
  );
}

export function writeBrushes(brushes: Brushes): string[] {
  return [...brushes].map(([key, [low, high]]) => `${key}:${low.toFixed(3)}:${high.toFixed(3)}`);
}

/** Within every brushed range. */
export function isInside(run: RunRow, axes: readonly ParallelAxis[], brushes: Brushes): boolean {
  return axes.every((axis) => {
    const range = brushes.get(axis.key);
    if (range === undefined) return true;
    const place = axis.place(run);
    return place !== null && place >= range[0] - 1e-6 && place <= range[1] + 1e-6;
  });
}

/** What differs between runs, and the metric that judges them. */
export function defaultAxes(columns: RunColumns | undefined, metric: string | null): string[] {
  const params = columns?.params.filter(({ distinct, runs }) => distinct > 1 && runs > 1) ?? [];
  const chosen = params.slice(0, 6).map(({ key }) => `params.${key}`);
  return metric === null ? chosen : [...chosen, `metrics.${metric}`];
}
