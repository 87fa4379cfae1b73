import { z } from 'zod';

/** How a curve was found, best evidence first. */
export const PropensityMethod = z.enum(['randomised', 'swaps', 'harvesting', 'em', 'click_rates', 'flat']);
export type PropensityMethod = z.infer<typeof PropensityMethod>;

export const PropensityPoint = z.object({
  /** Place in the list, from 1. */
  rank: z.number().int().min(1),
  /** Chance that this rank is looked at, relative to rank 1. */
  theta: z.number().positive().max(1),
  /** Bounds of the 95 % interval over queries; null where none could be drawn. */
  lo: z.number().min(0).max(1).nullable(),
  hi: z.number().min(0).max(1).nullable(),
  /** Results shown at this rank. */
  shown: z.number().int(),
  clicks: z.number().int(),
  /** Nothing was measured here: the value of the nearest measured rank above. */
  isCarried: z.boolean(),
});
export type PropensityPoint = z.infer<typeof PropensityPoint>;

/** How much less lower ranks are looked at, and how well that is known. */
export const PropensityCurve = z.object({
  method: PropensityMethod,
  /** Why this method, in words. */
  reason: z.string(),
  /** From rank 1, without gaps. */
  points: z.array(PropensityPoint),
  sessions: z.number().int(),
  queries: z.number().int(),
  /** Sessions that say nothing about positions, by reason. */
  dropped: z.record(z.string(), z.number().int()),
  /** Clicks, and how many equally weighted ones the debiased ones are worth: (Σw)² / Σw². */
  clicks: z.number().int(),
  effectiveClicks: z.number().min(0),
});
export type PropensityCurve = z.infer<typeof PropensityCurve>;
