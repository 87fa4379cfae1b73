import { z } from 'zod';
import { Int8Variant } from './model.ts';

/** Means over queries. nDCG uses linear gain; an unjudged item counts as not relevant; cnDCG ranks judged items only. */
export const MetricMeans = z.object({
  ndcg10: z.number(),
  recall10: z.number(),
  mrr10: z.number(),
  cndcg10: z.number(),
});
export type MetricMeans = z.infer<typeof MetricMeans>;

/** A mean difference with its paired-bootstrap 95 % interval. */
export const Delta = z.object({ mean: z.number(), lo: z.number(), hi: z.number() });
export type Delta = z.infer<typeof Delta>;

export const QueryChange = z.object({ query: z.string(), before: z.number(), after: z.number() });

/** How one segment of the held-out queries fared. */
export const GateSegment = z.object({
  name: z.string(),
  queries: z.number().int(),
  /** Mean nDCG@10 of what is live. */
  before: z.number(),
  delta: Delta,
  /** Chance of such a loss by luck, adjusted for the number of segments (Holm); null: too few queries to judge. */
  p: z.number().nullable(),
  isLoss: z.boolean(),
});
export type GateSegment = z.infer<typeof GateSegment>;

const Percentiles = z.object({ p50Ms: z.number(), p95Ms: z.number() });

/** Milliseconds of encoding one query at a time, both models in turn on the same machine. */
export const GateLatency = z.object({ queries: z.number().int(), before: Percentiles, after: Percentiles });
export type GateLatency = z.infer<typeof GateLatency>;

export const GateReport = z.object({
  decision: z.enum(['accepted', 'rejected']),
  /** A sentence for each rule that rejects, or, of an accepted model, for every rule. */
  reasons: z.array(z.string()),
  /** Of a rejected model: the rules that hold all the same. Absent in older reports. */
  held: z.array(z.string()).optional(),
  queries: z.number().int(),
  delta: Delta,
  /** Held-out queries whose clicked items no training query clicked. */
  unseen: z.object({ queries: z.number().int(), delta: Delta }).nullable(),
  anchor: z
    .object({
      texts: z.number().int(),
      neighbourOverlap: z.number(),
      meanPairwiseCosine: z.number(),
      effectiveRank: z.number(),
      /** Of what is live, over the same texts; absent in older reports. */
      before: z.object({ meanPairwiseCosine: z.number(), effectiveRank: z.number() }).optional(),
    })
    .nullable(),
  before: MetricMeans,
  after: MetricMeans,
  wins: z.number().int(),
  ties: z.number().int(),
  losses: z.number().int(),
  worst: z.array(QueryChange),
  /** Absent in older reports. */
  segments: z.array(GateSegment).optional(),
  /** null: not measured; absent in older reports. */
  latency: GateLatency.nullable().optional(),
  /** Whether the model is to be served in int8; never a reason to reject it. Absent in older reports and for folds. */
  int8: Int8Variant.optional(),
});
export type GateReport = z.infer<typeof GateReport>;

/** How one held-out query fared: nDCG@10 of the list that users got before and would get after. */
export const GateQueryRow = z.object({
  queryId: z.string(),
  query: z.string(),
  before: z.number(),
  after: z.number(),
  isUnseen: z.boolean(),
  segments: z.array(z.string()),
});
export type GateQueryRow = z.infer<typeof GateQueryRow>;

/** Which items satisfied a held-out query, and which were shown and passed over. */
export interface JudgedQuery {
  queryId: string;
  text: string;
  /** itemId → grade > 0. */
  relevant: Record<string, number>;
  /** Items shown or judged, grade 0 included. */
  judged: string[];
}
