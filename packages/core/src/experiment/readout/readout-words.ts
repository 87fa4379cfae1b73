import type { Interval, ReadoutResult } from '@embedding-studio/contracts';
import { formatCount } from '../../evaluation/gate-numbers.ts';
import { findMetric } from './compute-metrics.ts';

type Estimated = ReadoutResult & { kind: 'estimated' };

const signed = (value: number, text: string): string => `${value < 0 ? '−' : '+'}${text}`;
const digits = (value: number): string => String(Number(Math.abs(value).toPrecision(3)));
const ofShare = (value: number): string => signed(value, `${(Math.abs(value) * 100).toFixed(1)} %`);
const plain = (value: number): string => signed(value, digits(value));

export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
export { formatCount };

export function metricTitle(id: string): string {
  return findMetric(id)?.title ?? id;
}

/** "+4.2 % (95 % interval +1.1 % to +7.3 %)": relative to the control where that is known. */
export function changeWords({ relative, difference }: Estimated, alpha: number): string {
  const [interval, write] = relative === null ? [difference, plain] : [relative, ofShare];
  return `${write(interval.mean)} (${percent(1 - alpha)} interval ${rangeWords(interval, write)})`;
}

/** "−10.8 points (95 % interval −20.1 to −1.5)" of the users, from an even split. */
export function preferenceWords({ difference }: Estimated, alpha: number): string {
  const points = (value: number) => signed(value, (Math.abs(value) * 100).toFixed(1));
  return `${points(difference.mean)} points (${percent(1 - alpha)} interval ${rangeWords(difference, points)})`;
}

function rangeWords({ lo, hi }: Interval, write: (value: number) => string): string {
  return `${write(lo)} to ${write(hi)}`;
}

export function countsWords(counts: readonly number[]): string {
  const words = counts.map((count) => formatCount(Math.round(count)));
  return words.length < 2 ? (words[0] ?? '0') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

export function pWords(p: number): string {
  return p < 0.001 ? 'p < .001' : `p = ${Number(p.toPrecision(2))}`;
}
