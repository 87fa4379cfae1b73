import { Delta, MetricMeans } from '@embedding-studio/contracts';
import { z } from 'zod';

const Ndcg = z.strictObject({ ndcg10: z.number() });

export const SplitReport = z.strictObject({
  /** Queries with something relevant. */
  n: z.number().int(),
  before: MetricMeans,
  /** What users get once the loop is through; equal to `before` when the gate keeps the old index. */
  after: MetricMeans,
  delta: z.strictObject({ ndcg10: Delta }),
  wins: z.number().int(),
  ties: z.number().int(),
  losses: z.number().int(),
  legs: z.strictObject({
    vector: z.strictObject({ before: Ndcg, after: Ndcg, delta: Delta }),
    /** Words alone, as they rank after the loop. */
    lexical: Ndcg,
  }),
});
export type SplitReport = z.infer<typeof SplitReport>;

/** What `--json` writes: exactly these keys. */
export const EvalReport = z.strictObject({
  dataset: z.string(),
  model: z.string(),
  seed: z.number().int(),
  splits: z.record(z.string(), SplitReport),
  gate: z.strictObject({ decision: z.enum(['accepted', 'rejected']), reasons: z.array(z.string()) }),
  timings_s: z.record(z.string(), z.number()),
});
export type EvalReport = z.infer<typeof EvalReport>;
