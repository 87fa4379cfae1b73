import { ItemId } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { csvCell } from './read-csv.ts';

export const ExportJudgementsInput = z.object({
  format: z.enum(['qrels', 'quepid']).default('qrels'),
  after: z
    .object({ queryKey: z.string().max(2_000), itemId: ItemId })
    .nullable()
    .default(null),
});
export type ExportJudgementsInput = z.input<typeof ExportJudgementsInput>;

export interface QrelsPage {
  /**
   * `qrels`: TREC's four columns, topic, 0, document and grade; the topic is the query with `_` for spaces. `quepid`: the
   * columns query, docid and rating as CSV, which the first page names.
   */
  text: string;
  /** Of qrels: topic, tab, query, one line for each topic of this page. */
  topics: string;
  judged: number;
  /** Of the next page; null behind the last one. */
  next: { queryKey: string; itemId: string } | null;
}

const page = 1_000;

/** The golden set as a file, by pages. The mean of several judges is rounded to a whole grade. */
export async function exportJudgements({ ctx, input }: { ctx: Ctx; input: ExportJudgementsInput }): Promise<QrelsPage> {
  authorise(ctx, 'judgement.read');
  const { after, format } = parseInput(ExportJudgementsInput, input);
  const rows = await ctx.deps.judgements.listJudgedItems({ after, limit: page });
  const last = rows.at(-1);
  const topics = new Map(rows.map(({ queryKey, query }) => [queryKey, query]));
  const header = format === 'quepid' && after === null ? 'query,docid,rating\n' : '';
  const toLine = ({ queryKey, query, itemId, grade }: (typeof rows)[number]) =>
    format === 'qrels'
      ? `${word(queryKey)} 0 ${word(itemId)} ${Math.round(grade)}\n`
      : `${csvCell(query)},${csvCell(itemId)},${Math.round(grade)}\n`;
  return {
    text: header + rows.map(toLine).join(''),
    topics:
      format === 'qrels'
        ? [...topics].map(([key, query]) => `${word(key)}\t${query.replaceAll(/\s+/g, ' ')}\n`).join('')
        : '',
    judged: rows.length,
    next: last === undefined || rows.length < page ? null : { queryKey: last.queryKey, itemId: last.itemId },
  };
}

/** Columns are parted by blanks, so a value may hold none. */
function word(text: string): string {
  return text.replaceAll(/\s+/g, '_');
}
