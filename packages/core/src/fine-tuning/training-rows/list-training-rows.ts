import type { TrainingRow, TrainingSetSummary } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../../authorise.ts';
import type { Ctx } from '../../context.ts';
import { parseInput } from '../../parse-input.ts';
import { findTrainingRunId, TrainingSource } from './find-training-run-id.ts';
import { createRowMatcher, TrainingRowFilter } from './match-row.ts';
import { sayWhy } from './say-why.ts';
import { findTrainingSummary, walkRowLines } from './training-rows-artefact.ts';

export const ListTrainingRowsInput = TrainingSource.extend({
  filter: TrainingRowFilter.prefault({}),
  /** Number of the row that ended the page before. */
  after: z.number().int().min(0).nullable().default(null),
  limit: z.number().int().min(1).max(500).default(100),
});
export type ListTrainingRowsInput = z.input<typeof ListTrainingRowsInput>;

export interface TrainingRowView extends TrainingRow {
  /** Place in the frozen set, from 0. */
  number: number;
  /** Of the item as it is called now; null when it is gone. */
  title: string | null;
  words: string;
}

export interface TrainingRowPage {
  /** null: this training froze nothing, or has not begun. */
  summary: Omit<TrainingSetSummary, 'parts'> | null;
  rows: TrainingRowView[];
  /** Rows that the filter leaves; null where only a walk through all of them would tell. */
  total: number | null;
  next: number | null;
}

const charsMax = 120_000;
const titleMax = 120;

/** The rows behind a training, in the order of its sessions and of their lists: 500 and about 150 kB at most. */
export async function listTrainingRows({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListTrainingRowsInput;
}): Promise<TrainingRowPage> {
  authorise(ctx, 'rollout.read');
  authorise(ctx, 'session.read');
  const { filter, after, limit, ...source } = parseInput(ListTrainingRowsInput, input);
  const runId = await findTrainingRunId(ctx, source);
  const found = await findTrainingSummary(ctx, runId);
  if (runId === null || found === null) return { summary: null, rows: [], total: null, next: null };
  const { parts: _parts, ...summary } = found;
  const total = countMatches(found, filter);
  const from = after === null ? 0 : after + 1;
  if (total === 0) return { summary, rows: [], total, next: null };
  const { rows, hasMore } = await readPage(ctx, { runId, summary: found, from, filter, limit });
  return { summary, rows: await addTitles(ctx, rows), total, next: hasMore ? (rows.at(-1)?.number ?? null) : null };
}

type NumberedRow = TrainingRow & { number: number };

async function readPage(
  ctx: Ctx,
  want: { runId: string; summary: TrainingSetSummary; from: number; filter: TrainingRowFilter; limit: number },
): Promise<{ rows: NumberedRow[]; hasMore: boolean }> {
  const match = createRowMatcher(want.filter);
  const rows: NumberedRow[] = [];
  let chars = 0;
  for await (const { start, lines } of walkRowLines(ctx, want)) {
    for (const [at, line] of lines.entries()) {
      const row = match(line);
      if (row === null) continue;
      chars += line.length;
      if (rows.length === want.limit || (rows.length > 0 && chars > charsMax)) return { rows, hasMore: true };
      rows.push({ ...row, number: start + at });
    }
  }
  return { rows, hasMore: false };
}

async function addTitles(ctx: Ctx, rows: readonly NumberedRow[]): Promise<TrainingRowView[]> {
  const items = await ctx.deps.items.findHits([...new Set(rows.map(({ itemId }) => itemId))]);
  const titles = new Map(items.map(({ id, title }) => [id, title.slice(0, titleMax)]));
  return rows.map((row) => ({ ...row, title: titles.get(row.itemId) ?? null, words: sayWhy(row) }));
}

function countMatches({ rows, labels }: TrainingSetSummary, filter: TrainingRowFilter): number | null {
  const { label, why, ...others } = filter;
  if (Object.values(others).some((value) => value !== undefined)) return null;
  if (label === undefined && why === undefined) return rows;
  const kept = Object.entries(labels).filter(([name]) => label === undefined || name === label);
  const counts = kept.flatMap(([, byReason]) => Object.entries(byReason ?? {}));
  return counts.reduce((sum, [name, count]) => sum + (why === undefined || name === why ? (count ?? 0) : 0), 0);
}
