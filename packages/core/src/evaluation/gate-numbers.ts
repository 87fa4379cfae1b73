import type { Delta } from '@embedding-studio/contracts';

/** Every rule of the gate answers with this. */
export interface Verdict {
  isMet: boolean;
  /** One sentence with the numbers behind it. */
  reason: string;
}

const counts = new Intl.NumberFormat('en-US');

/** 2000 → "2,000". */
export const formatCount = (count: number): string => counts.format(count);

export function formatDelta({ mean, lo, hi }: Delta): string {
  return `${formatNumber(mean)} (95 % interval ${formatNumber(lo)} to ${formatNumber(hi)})`;
}

export function formatNumber(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
