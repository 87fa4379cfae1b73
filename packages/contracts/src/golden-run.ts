import { z } from 'zod';

/** When the live search is measured by the golden set without being asked, and what counts as a drop. */
export const GoldenPolicy = z.strictObject({
  /** Days and weeks begin in UTC, weeks on Monday. */
  every: z.enum(['off', 'day', 'week']),
  /** A fall of mean nDCG@10 below this is never an alert, however certain. */
  dropMin: z.number().min(0).max(1),
});
export type GoldenPolicy = z.infer<typeof GoldenPolicy>;

/** One query of the golden set, asked as users ask it. */
export const GoldenScore = z.object({
  queryKey: z.string(),
  ndcg10: z.number(),
  /** 1 / rank of the first of ten that is graded 1 or better; 0: none is. */
  mrr10: z.number(),
  /** Of the first ten, how many somebody has judged: a share. */
  judged10: z.number(),
  /** Changes when somebody judges the query anew: its scores then say nothing about the search. */
  gradesHash: z.string(),
});
export type GoldenScore = z.infer<typeof GoldenScore>;

/** Against the run before, over queries that both asked by the same grades; the 95 % interval is a paired bootstrap's. */
export interface GoldenChange {
  runId: string;
  queries: number;
  mean: number;
  lo: number;
  hi: number;
  /** Fell by more than the policy allows, and beyond chance. */
  isAlert: boolean;
}

export interface GoldenRun {
  id: string;
  at: Date;
  collectionId: string;
  modelId: string;
  /** With an item that is graded above 0; only these are asked. */
  queries: number;
  /** Means over the queries; null: there were none. */
  ndcg10: number | null;
  mrr10: number | null;
  judged10: number | null;
  /** null: nothing to compare with. */
  change: GoldenChange | null;
}
