import { ItemId } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';

export const ExportJudgementsInput = z.object({
  after: z
    .object({ queryKey: z.string().max(2_000), itemId: ItemId })
    .nullable()
    .default(null),
});
export type ExportJudgementsInput = z.input<typeof ExportJudgementsInput>;

export interface QrelsPage {
  /** TREC's four columns: topic, 0, document, grade. The topic is the query with `_` for spaces. */
  qrels: string;
  /** Topic, tab, query: one line for each topic of this page. */
  topics: string;
  judged: number;
  /** Of the next page; null behind the last one. */
  next: { queryKey: string; itemId: string } | null;
}

const page = 1_000;

/** The golden set as TREC qrels, by pages. The mean of several judges is rounded to a whole grade. */
export async function exportJudgements({ ctx, input }: { ctx: Ctx; input: ExportJudgementsInput }): Promise<QrelsPage> {
  authorise(ctx, 'judgement.read');
  const { after } = parseInput(ExportJudgementsInput, input);
  const rows = await ctx.deps.judgements.listJudgedItems({ after, limit: page });
  const last = rows.at(-1);
  const topics = new Map(rows.map(({ queryKey, query }) => [queryKey, query]));
  return {
    qrels: rows.map((row) => `${word(row.queryKey)} 0 ${word(row.itemId)} ${Math.round(row.grade)}\n`).join(''),
    topics: [...topics].map(([key, query]) => `${word(key)}\t${query.replaceAll(/\s+/g, ' ')}\n`).join(''),
    judged: rows.length,
    next: last === undefined || rows.length < page ? null : { queryKey: last.queryKey, itemId: last.itemId },
  };
}

/** Columns are parted by blanks, so a value may hold none. */
function word(text: string): string {
  return text.replaceAll(/\s+/g, '_');
}
