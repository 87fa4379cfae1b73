/** One curve of a chart. */
export interface Line {
  id: string;
  label: string;
  /** Number of the series token, from 1; 0: neutral. */
  color: number;
  isDashed?: boolean;
  /** `strong`: on top and thicker; `faint`: behind all others. */
  emphasis?: 'strong' | 'normal' | 'faint';
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** Before smoothing; drawn faintly behind. */
  raw?: ArrayLike<number>;
  band?: { low: ArrayLike<number>; high: ArrayLike<number> };
}

export const seriesColors = 6;

/** Colour and dash by place: six colours, then the same dashed. */
export function lookOf(place: number): Pick<Line, 'color' | 'isDashed'> {
  return { color: 1 + (place % seriesColors), isDashed: Math.floor(place / seriesColors) % 2 === 1 };
}
