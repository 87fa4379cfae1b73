import { z } from 'zod';
import { PropensityCurve } from './propensity-curve.ts';

/** What a model was, or would be, trained on. */
export const TrainingDataCard = z.object({
  sessions: z.object({
    /** In the batch. */
    total: z.number().int(),
    train: z.number().int(),
    heldOut: z.number().int(),
    /** Held out, and about items that training never clicks. */
    heldOutUnseen: z.number().int(),
  }),
  /** Sessions of the training side that teach nothing, by reason. */
  dropped: z.record(z.string(), z.number().int()),
  queries: z.number().int(),
  distinctQueries: z.number().int(),
  /** Query and clicked item. */
  pairs: z.number().int(),
  /** Clicked × passed over, within a query. */
  contrasts: z.number().int(),
  items: z.object({
    /** Clicked by training sessions. */
    seen: z.number().int(),
    /** Clicked by held-out sessions only. */
    unseen: z.number().int(),
    /** With a text in the training set. */
    withText: z.number().int(),
  }),
  /** Weights of clicks: `from` ≤ weight < `to`. */
  weights: z.array(z.object({ from: z.number(), to: z.number(), count: z.number().int() })),
  /**
   * (Σw)² / Σw² of the pairs: how many equally weighted ones they are worth, by their satisfaction alone and as they were
   * weighed in the end. Absent on cards of older runs.
   */
  effectivePairs: z.object({ weighed: z.number(), satisfaction: z.number() }).optional(),
  /** Held-out queries that training has too, spelt the same or nearly so; anything but 0 would let the gate ask what training has seen. */
  overlap: z.number().int(),
  /** Groups of queries that the base model hardly tells apart, kept on one side; absent on cards of older runs. */
  nearQueries: z
    .object({
      /** Two queries above it are of one group; null: only spelling was looked at, and `reason` says why. */
      cosine: z.number().nullable(),
      groups: z.number().int(),
      queries: z.number().int(),
      reason: z.string(),
    })
    .optional(),
  /** Position bias of the sessions and whether the weights were corrected by it; absent on cards of older runs. */
  positionBias: z.object({ curve: PropensityCurve, isApplied: z.boolean(), reason: z.string() }).optional(),
});
export type TrainingDataCard = z.infer<typeof TrainingDataCard>;
