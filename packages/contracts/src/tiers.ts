import { z } from 'zod';
import { Delta } from './evaluation.ts';

/** Ways to learn from clicks, cheapest first. */
export const TierName = z.enum(['T0', 'T1', 'T2', 'T3']);
export type TierName = z.infer<typeof TierName>;

export const TierRow = z.object({
  tier: TierName,
  /**
   * `chosen`: what is rolled out; `beaten`: no better than a cheaper one beyond chance; `failed`: it could not be
   * trained; `skipped`: its training could not have led anywhere.
   */
  status: z.enum(['chosen', 'beaten', 'failed', 'skipped']),
  /** Mean nDCG@10 as users would get it, each query ranked by weights fitted without it; null: not trained. */
  ndcg10: z.number().nullable(),
  /** The same over queries about items that training never clicked; null: not trained, or there were none. */
  unseenNdcg10: z.number().nullable(),
  /** Against the best cheaper tier; of the first one, against what serves. null: not trained. */
  delta: Delta.nullable(),
  /** Of training and judging. */
  seconds: z.number(),
  /** What it would cost to serve it. */
  reindex: z.enum(['none', 'multiply', 'embed']),
  runId: z.string().nullable(),
  /** In words. */
  reason: z.string(),
});
export type TierRow = z.infer<typeof TierRow>;

/** How an automatic choice of tier went: the artefact `tiers.json` of its run. */
export const TierReport = z.object({
  /** Queries that the tiers were compared on; the gate asks others. */
  queries: z.number().int(),
  /** Of them those about items that training never clicked. */
  unseenQueries: z.number().int(),
  /** Mean nDCG@10 of what served, by the weights that it served with. */
  serving: z.number(),
  rows: z.array(TierRow),
  chosen: TierName,
  /** False where the gate had to be asked the same queries, because there were too few for two. */
  isApart: z.boolean(),
  verdict: z.string(),
});
export type TierReport = z.infer<typeof TierReport>;
