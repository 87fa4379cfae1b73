import type { GateQueryRow } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { loadGateQueries } from '../rollout/gate/store-gate-queries.ts';
import { findJob, JobIdInput } from './find-job.ts';

const outcomes = ['win', 'tie', 'loss'] as const;
export type GateOutcome = (typeof outcomes)[number];

export const ListGateQueriesInput = JobIdInput.extend({
  outcome: z.enum(outcomes).optional(),
  segment: z.string().max(60).optional(),
  /** Only those about items that training never clicked. */
  unseenOnly: z.boolean().default(false),
  text: z.string().max(200).optional(),
  order: z.enum(['worst', 'best', 'query']).default('worst'),
  /** Query that ended the page before. */
  after: z.string().max(128).nullable().default(null),
  limit: z.number().int().min(1).max(500).default(100),
});
export type ListGateQueriesInput = z.input<typeof ListGateQueriesInput>;

export interface GateQueryPage {
  /** false: the gate has not compared this model. */
  isKnown: boolean;
  rows: (GateQueryRow & { delta: number; outcome: GateOutcome })[];
  total: number;
  segments: string[];
  next: string | null;
}

const tieWidth = 1e-9;

/** Every query that the gate asked, worst regression first. */
export async function listGateQueries({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListGateQueriesInput;
}): Promise<GateQueryPage> {
  authorise(ctx, 'rollout.read');
  const { jobId, after, limit, ...filter } = parseInput(ListGateQueriesInput, input);
  const modelId = (await findJob(ctx, jobId)).rollout?.modelId ?? null;
  const model = modelId === null ? null : await ctx.deps.models.getModel(modelId);
  const stored = model === null ? null : await loadGateQueries(ctx, model.artefactKey);
  const rows = (stored ?? []).map((row) => ({ ...row, delta: row.after - row.before, outcome: outcomeOf(row) }));
  const found = rows.filter((row) => matches(row, filter)).sort(orders[filter.order]);
  const start = after === null ? 0 : found.findIndex(({ queryId }) => queryId === after) + 1;
  const page = found.slice(start, start + limit);
  return {
    isKnown: stored !== null,
    rows: page,
    total: found.length,
    segments: [...new Set(rows.flatMap(({ segments }) => segments))].sort(),
    next: start + limit < found.length ? (page.at(-1)?.queryId ?? null) : null,
  };
}

function outcomeOf({ before, after }: GateQueryRow): GateOutcome {
  if (after - before > tieWidth) return 'win';
  return after - before < -tieWidth ? 'loss' : 'tie';
}

type Row = GateQueryPage['rows'][number];
type Filter = Pick<z.output<typeof ListGateQueriesInput>, 'outcome' | 'segment' | 'unseenOnly' | 'text'>;

function matches(row: Row, { outcome, segment, unseenOnly, text }: Filter): boolean {
  if (outcome !== undefined && row.outcome !== outcome) return false;
  if (segment !== undefined && !row.segments.includes(segment)) return false;
  if (unseenOnly && !row.isUnseen) return false;
  return text === undefined || row.query.toLowerCase().includes(text.toLowerCase());
}

const byId = (left: Row, right: Row): number => (left.queryId < right.queryId ? -1 : 1);
const orders: Record<'worst' | 'best' | 'query', (left: Row, right: Row) => number> = {
  worst: (left, right) => left.delta - right.delta || byId(left, right),
  best: (left, right) => right.delta - left.delta || byId(left, right),
  query: (left, right) => left.query.localeCompare(right.query) || byId(left, right),
};
