import type { Comparison, Spread } from '../alternate.ts';

export interface Measurement {
  name: string;
  /** What is compared with what, exactly. */
  what: string;
  goal: { at: 'least' | 'most'; value: number };
  ratio: Spread;
  compared: Comparison;
  facts: Record<string, number | string>;
}

export function isMet({ goal, ratio }: Measurement): boolean {
  return goal.at === 'least' ? ratio.median >= goal.value : ratio.median <= goal.value;
}
