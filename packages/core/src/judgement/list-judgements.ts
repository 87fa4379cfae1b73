import { actorName, type JudgedQuerySummary } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { JudgedText, requireKey } from './judge-item.ts';
import { type JudgedGrade, summariseGrades } from './summarise-grades.ts';

export const ListJudgementsInput = z.object({ query: JudgedText });
export type ListJudgementsInput = z.input<typeof ListJudgementsInput>;

/** Grades of one query, by item. */
export async function listJudgements({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListJudgementsInput;
}): Promise<Record<string, JudgedGrade>> {
  authorise(ctx, 'judgement.read');
  const { query } = parseInput(ListJudgementsInput, input);
  const rows = await ctx.deps.judgements.listJudgements([requireKey(query)]);
  return Object.fromEntries(summariseGrades(rows, actorName(ctx.actor)));
}

export const ListJudgedQueriesInput = z.object({
  after: z.string().max(2_000).nullable().default(null),
  limit: z.number().int().min(1).max(500).default(100),
});
export type ListJudgedQueriesInput = z.input<typeof ListJudgedQueriesInput>;

/** The golden set, query by query. */
export async function listJudgedQueries({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListJudgedQueriesInput;
}): Promise<JudgedQuerySummary[]> {
  authorise(ctx, 'judgement.read');
  return ctx.deps.judgements.listJudgedQueries(parseInput(ListJudgedQueriesInput, input));
}
