import { z } from 'zod';

/** 0: does not belong here; 1: marginal; 2: good; 3: exactly what was meant. */
export const Grade = z.number().int().min(0).max(3);

/** What one person says of one item for one query. */
export interface Judgement {
  /** The query as it is compared: letter case, spaces and accents put aside. */
  queryKey: string;
  /** As it was typed when it was last judged. */
  query: string;
  itemId: string;
  /** As `actorName` gives it. */
  judge: string;
  grade: number;
  judgedAt: Date;
}

/** An item of the golden set: the mean over all who judged it, 0–3. */
export interface JudgedItem {
  queryKey: string;
  query: string;
  itemId: string;
  grade: number;
  judges: number;
}

export interface JudgedQuerySummary {
  queryKey: string;
  query: string;
  items: number;
  /** Items with a mean of at least 1. */
  relevant: number;
  judges: number;
  judgedAt: Date;
}
