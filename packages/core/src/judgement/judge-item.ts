import { actorName, Grade, ItemId, StudioError } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { type JudgedGrade, summariseGrades } from './summarise-grades.ts';

export const JudgedText = z.string().trim().min(1).max(2_000);

export const JudgeItemInput = z.object({
  query: JudgedText,
  itemId: ItemId,
  /** null takes the actor's grade back. */
  grade: Grade.nullable(),
});
export type JudgeItemInput = z.input<typeof JudgeItemInput>;

/** Grades an item for a query in the golden set, under the actor's name; the grade it has now over all judges. */
export async function judgeItem({ ctx, input }: { ctx: Ctx; input: JudgeItemInput }): Promise<JudgedGrade> {
  authorise(ctx, 'judgement.write');
  const { query, itemId, grade } = parseInput(JudgeItemInput, input);
  const judge = actorName(ctx.actor);
  const queryKey = requireKey(query);
  await requireItem(ctx, itemId);
  const given = (await ctx.deps.judgements.listJudgements([queryKey])).filter((row) => row.itemId === itemId);
  const before = given.find((row) => row.judge === judge)?.grade ?? null;
  if (grade === null) await ctx.deps.judgements.deleteJudgement({ queryKey, itemId, judge });
  else await ctx.deps.judgements.putJudgement({ queryKey, query, itemId, judge, grade });
  await recordAudit(ctx, { action: 'judgement.set', subject: itemId, detail: { query, before, after: grade } });
  const rows = await ctx.deps.judgements.listJudgements([queryKey]);
  return summariseGrades(rows, judge).get(itemId) ?? { grade: null, own: null, judges: 0 };
}

export function requireKey(query: string): string {
  const queryKey = normaliseQuery(query);
  if (queryKey !== '') return queryKey;
  throw new StudioError('INPUT_INVALID', 'query: holds no word or number to judge by.', { field: 'query' });
}

async function requireItem(ctx: Ctx, itemId: string): Promise<void> {
  const [found] = await ctx.deps.items.findHits([itemId]);
  if (found === undefined) throw new StudioError('ITEM_NOT_FOUND', `There is no item ${itemId}.`, { field: 'itemId' });
}
