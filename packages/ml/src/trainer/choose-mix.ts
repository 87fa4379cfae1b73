import type { MixingReport, MixingRow } from '@embedding-studio/contracts';

/** Largest share of the base model's anchor nDCG@10 that a mix may lose. */
export const anchorDropMax = 0.005;

/**
 * The mix that ranks held-out queries best among those that keep the anchor queries. Equals go to the smaller alpha:
 * what is no better is not worth moving. When none keeps them, the one that loses least.
 * @param rows With the base model (alpha 0) first, which is compared with and never chosen.
 */
export function chooseMix(rows: readonly MixingRow[]): Pick<MixingReport, 'alpha' | 'isConstraintMet'> {
  const [base, ...mixes] = rows;
  const least = (base?.anchorNdcg10 ?? 0) * (1 - anchorDropMax);
  const kept = mixes.filter(({ anchorNdcg10 }) => anchorNdcg10 >= least);
  const score = ({ ndcg10, anchorNdcg10 }: MixingRow) => (kept.length > 0 ? ndcg10 : anchorNdcg10);
  const best = (kept.length > 0 ? kept : mixes).reduce<MixingRow | null>((found, row) => {
    if (found === null || score(row) > score(found)) return row;
    return score(row) === score(found) && row.alpha < found.alpha ? row : found;
  }, null);
  return { alpha: best?.alpha ?? 1, isConstraintMet: kept.length > 0 };
}
