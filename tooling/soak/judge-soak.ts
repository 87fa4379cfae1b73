import type { Sample } from './sample.ts';

/** One figure over the time of a soak. */
export interface Judged {
  name: string;
  unit: 'MB' | 'ms' | 'rows' | 'connections';
  /** Medians of the first and the last third of what is judged. */
  first: number;
  last: number;
  /** Least squares, per hour. */
  slopePerHour: number;
  /** Why it may grow; such a figure is told and not judged. */
  mayGrow?: string;
  isSound: boolean;
}

/** The start is warming up: caches fill, code is compiled. */
const warmUpShare = 0.25;

/** What use itself makes grow. Each is bounded by retention, or by what is kept on purpose. */
const growing: Record<string, string> = {
  documents: 'keeps sessions, events and tasks in memory, until retention',
  audit_log: 'kept: one row for every change',
  audit: 'kept: one row for every change',
};

export function judgeSoak(samples: readonly Sample[]): Judged[] {
  const kept = samples.slice(Math.floor(samples.length * warmUpShare));
  const judge = (name: string, options: { unit: Judged['unit']; of: (sample: Sample) => number | undefined }) => {
    const points = kept.flatMap((sample) => {
      const value = options.of(sample);
      return value === undefined ? [] : [{ at: sample.at, value }];
    });
    return describe({ name, unit: options.unit, points });
  };
  const namesOf = (pick: (sample: Sample) => Record<string, number>) =>
    [...new Set(kept.flatMap((sample) => Object.keys(pick(sample))))].sort();
  return [
    ...namesOf(({ memory }) => memory).map((name) => judge(name, { unit: 'MB', of: ({ memory }) => memory[name] })),
    ...namesOf(({ heap }) => heap).map((name) => judge(name, { unit: 'MB', of: ({ heap }) => heap[name] })),
    ...namesOf(({ lag }) => lag).map((name) => judge(name, { unit: 'ms', of: ({ lag }) => lag[name] })),
    ...namesOf(({ rows }) => rows).map((name) => judge(name, { unit: 'rows', of: ({ rows }) => rows[name] })),
    judge('database', { unit: 'connections', of: ({ connections }) => connections }),
  ];
}

function describe({
  name,
  unit,
  points,
}: {
  name: string;
  unit: Judged['unit'];
  points: readonly { at: number; value: number }[];
}): Judged {
  const third = Math.max(1, Math.floor(points.length / 3));
  const first = median(points.slice(0, third).map(({ value }) => value));
  const last = median(points.slice(-third).map(({ value }) => value));
  const mayGrow = unit === 'MB' || unit === 'rows' ? growing[name] : undefined;
  const facts = { name, unit, first, last, slopePerHour: 3_600 * slopeOf(points), ...(mayGrow && { mayGrow }) };
  return { ...facts, isSound: mayGrow !== undefined || isSteady(facts) };
}

/** A figure may waver by a fifth, and by as much as does not matter for its unit. */
const negligible = { MB: 30, ms: 50, rows: 100, connections: 10 };

function isSteady({ unit, first, last }: Pick<Judged, 'unit' | 'first' | 'last'>): boolean {
  return last <= first * 1.2 || last - first <= negligible[unit];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function slopeOf(points: readonly { at: number; value: number }[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const [at, value] = [mean(points.map((point) => point.at)), mean(points.map((point) => point.value))];
  const spread = points.reduce((sum, point) => sum + (point.at - at) ** 2, 0);
  const together = points.reduce((sum, point) => sum + (point.at - at) * (point.value - value), 0);
  return spread === 0 ? 0 : together / spread;
}
