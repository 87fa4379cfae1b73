import { z } from 'zod';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export const Period = z.enum(['24h', '7d', '30d', '90d']);
export type Period = z.infer<typeof Period>;

const lengthOf: Record<Period, number> = { '24h': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs, '90d': 90 * dayMs };

export const PeriodInput = z.object({
  period: Period.default('7d'),
  /** End of the period, taken to the full hour (24 h) or day, UTC; default: now. */
  until: z.date().nullish(),
});
export type PeriodInput = z.input<typeof PeriodInput>;

export interface PlacedPeriod {
  from: Date;
  /** Not included. */
  to: Date;
  /** Start of the period before, of the same length. */
  before: Date;
  /** Length of one point, milliseconds. */
  stepMs: number;
  size: 'hour' | 'day';
}

/** The steps that the period ends with, the running one included. */
export function placePeriod(period: Period, until: Date): PlacedPeriod {
  const size = period === '24h' ? 'hour' : 'day';
  const stepMs = size === 'hour' ? hourMs : dayMs;
  const to = Math.ceil(until.getTime() / stepMs) * stepMs;
  const length = lengthOf[period];
  return { from: new Date(to - length), to: new Date(to), before: new Date(to - 2 * length), stepMs, size };
}

/** Starts of the points of a period, and of as many of the period before. */
export function stepsOf({ from, to, before, stepMs }: PlacedPeriod): { now: number[]; past: number[] } {
  const count = (to.getTime() - from.getTime()) / stepMs;
  const startingAt = (start: Date) => Array.from({ length: count }, (_, at) => start.getTime() + at * stepMs);
  return { now: startingAt(from), past: startingAt(before) };
}
