import type { Interval } from '@embedding-studio/contracts';

interface Point {
  at: Date;
  difference: Interval | null;
}

export interface SeriesLine {
  id: string;
  label: string;
  /** Hours since the start. */
  x: number[];
  y: number[];
  band: { low: number[]; high: number[] };
}

/** One line an arm; read-outs that estimated nothing are left out. */
export function toLines(series: readonly { arm: string; points: readonly Point[] }[], startedAt: Date): SeriesLine[] {
  return series.map(({ arm, points }) => {
    const known = points.flatMap(({ at, difference }) => (difference === null ? [] : [{ at, ...difference }]));
    return {
      ...{ id: arm, label: arm },
      x: known.map(({ at }) => (at.getTime() - startedAt.getTime()) / 3_600_000),
      y: known.map(({ mean }) => mean),
      band: { low: known.map(({ lo }) => lo), high: known.map(({ hi }) => hi) },
    };
  });
}

/**
 * Zero, all means, and the bands from the second tenth on: the first intervals are so wide that the later ones would look
 * like a line.
 */
export function seriesReach(lines: readonly SeriesLine[]): [number, number] {
  const values = lines.flatMap(({ y, band }) => {
    const from = Math.floor(y.length / 10);
    return [...y, ...band.low.slice(from), ...band.high.slice(from)];
  });
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const margin = (high - low) * 0.05 || 0.01;
  return [low - margin, high + margin];
}
