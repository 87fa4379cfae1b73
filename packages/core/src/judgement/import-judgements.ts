import { actorName } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { collectFaults } from './faults.ts';
import { type ParsedJudgement, parseJudgements } from './parse-judgements.ts';

const textMax = 5_000_000;

export const ImportJudgementsInput = z.strictObject({
  /** `qrels`: TREC's topic, 0, document, grade. `quepid`: CSV with the columns query, docid and rating. */
  format: z.enum(['qrels', 'quepid']),
  text: z.string().min(1).max(textMax),
  /** Of qrels: topic, tab, query. Absent: topics are the queries, with `_` for spaces. */
  topics: z.string().max(textMax).optional(),
  /** The best rating of the file, which becomes 3; the others in proportion, rounded. Ratings below 0 are 0. */
  scaleMax: z.number().int().min(1).max(100).default(3),
  /** Items that are not here: `refuse` the file, or `skip` their rows. */
  unknownItems: z.enum(['refuse', 'skip']).default('refuse'),
});
export type ImportJudgementsInput = z.input<typeof ImportJudgementsInput>;

export interface ImportedJudgements {
  judgements: number;
  queries: number;
  /** Rows about items that are not here. */
  skipped: number;
}

const lookUp = 500;

/** Adds a file of grades to the golden set under the actor's name: all of it, or nothing where a row is wrong. */
export async function importJudgements({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ImportJudgementsInput;
}): Promise<ImportedJudgements> {
  authorise(ctx, 'judgement.write');
  const { unknownItems, ...file } = parseInput(ImportJudgementsInput, input);
  const parsed = parseJudgements(file);
  const known = await findKnown(ctx, parsed);
  if (unknownItems === 'refuse') refuseUnknown(parsed, known);
  const rows = parsed.filter(({ itemId }) => known.has(itemId));
  const judge = actorName(ctx.actor);
  await ctx.deps.judgements.putJudgements(rows.map(({ line: _line, ...row }) => ({ ...row, judge })));
  const queries = new Set(rows.map(({ queryKey }) => queryKey)).size;
  const counts = { judgements: rows.length, queries, skipped: parsed.length - rows.length };
  const detail = { format: file.format, ...counts };
  await recordAudit(ctx, { action: 'judgement.import', subject: 'golden-set', detail });
  return counts;
}

async function findKnown(ctx: Ctx, rows: readonly ParsedJudgement[]): Promise<Set<string>> {
  const ids = [...new Set(rows.map(({ itemId }) => itemId))];
  const known = new Set<string>();
  for (let start = 0; start < ids.length; start += lookUp) {
    ctx.signal?.throwIfAborted();
    for (const { id } of await ctx.deps.items.findHits(ids.slice(start, start + lookUp))) known.add(id);
  }
  return known;
}

function refuseUnknown(rows: readonly ParsedJudgement[], known: ReadonlySet<string>): void {
  const faults = collectFaults();
  for (const { line, itemId } of rows) if (!known.has(itemId)) faults.add({ line }, `there is no item ${itemId}`);
  faults.settle();
}
