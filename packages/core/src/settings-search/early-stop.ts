import type { ValidationPoint } from '@embedding-studio/contracts';

export interface EarlyStop {
  /** true: it has not got better for a while, and need not go on. */
  hear(point: ValidationPoint): boolean;
  /** Best nDCG@10 after the first step; null: nothing was measured. */
  best(): number | null;
}

/** Of points; training measures about ten of them. */
const patience = 3;

/** Follows the validation of one trial. What was measured before the first step says nothing about its settings. */
export function createEarlyStop(): EarlyStop {
  let best: number | null = null;
  let sinceBest = 0;
  return {
    hear: ({ step, ndcg10 }) => {
      if (step <= 0 || !Number.isFinite(ndcg10)) return false;
      const isBetter = best === null || ndcg10 > best;
      best = isBetter ? ndcg10 : best;
      sinceBest = isBetter ? 0 : sinceBest + 1;
      return sinceBest >= patience;
    },
    best: () => best,
  };
}
