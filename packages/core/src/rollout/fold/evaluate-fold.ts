import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Collection, Rollout, SessionWithEvents, VectorRow } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';
import type { SessionSplit } from '../../evaluation/split-sessions.ts';
import { drawSplit } from '../../fine-tuning/batch-split.ts';
import { nameNearQueries } from '../../fine-tuning/near-queries.ts';
import { judgeCandidate } from '../gate/judge-candidate.ts';
import { packVectors } from '../gate/vector-side.ts';
import type { StepOutcome } from '../run-step.ts';
import { dropFold, storeFold } from './fold-vectors.ts';

const sessionsMax = 20_000;
const lookUp = 500;

/**
 * trained → gated or rejected for a fold: deltas are made of part of the sessions alone, and the queries of the others
 * must be ranked better by the moved vectors than by the stored ones. Exactly these vectors are served afterwards.
 */
export async function evaluateFold(
  ctx: Ctx,
  { rollout, source }: { rollout: Rollout; source: Collection },
): Promise<StepOutcome> {
  const split = await splitEvidence(ctx, { rollout, source });
  const folded = await storeFold(ctx, { rollout, collectionId: source.id, sessions: split.train });
  const { report, profile } = await judgeCandidate(ctx, {
    source,
    split,
    encode: async ({ rows, queries }) => ({ vectors: packVectors(replaceRows(rows, folded)), queries }),
  });
  const items = new Set(folded.map(({ itemId }) => itemId)).size;
  const reason = `${items} items moved. ${report.reasons.join(' ')}`;
  const change = { gate: { ...report, profile } };
  await rm(foldFolderOf(ctx, rollout), { recursive: true, force: true });
  const result = { decision: report.decision, reasons: report.reasons, items };
  if (report.decision === 'accepted') return { to: 'gated', reason, change, result };
  await dropFold(ctx, rollout);
  return { to: 'rejected', reason, change, result };
}

/** Queries that the model hardly tells apart stay on one side, as where a training is judged. */
async function splitEvidence(
  ctx: Ctx,
  { rollout, source }: { rollout: Rollout; source: Collection },
): Promise<SessionSplit> {
  const sessions = await loadSessions(ctx, { rollout, collectionId: source.id });
  const base = await ctx.deps.models.getModel(source.modelId);
  const path = join(foldFolderOf(ctx, rollout), 'near-queries.json');
  const near = await nameNearQueries(ctx, { base, texts: sessions.map(({ query }) => query), path });
  return drawSplit(ctx, sessions, near.names);
}

const foldFolderOf = (ctx: Ctx, { id }: Rollout): string => join(ctx.deps.settings.workFolder, 'folds', id);

/** Everything that the overlay has been learned from until the fold was asked for, oldest first. */
async function loadSessions(ctx: Ctx, fold: { rollout: Rollout; collectionId: string }): Promise<SessionWithEvents[]> {
  const page = { before: fold.rollout.createdAt, limit: sessionsMax };
  const ids = (await ctx.deps.improvement.listEvidenceSessions(fold.collectionId, page)).reverse();
  const sessions: SessionWithEvents[] = [];
  for (let start = 0; start < ids.length; start += lookUp) {
    ctx.signal?.throwIfAborted();
    sessions.push(...(await ctx.deps.sessions.findSessions(ids.slice(start, start + lookUp))));
  }
  return sessions;
}

function replaceRows(rows: readonly VectorRow[], folded: readonly VectorRow[]): VectorRow[] {
  const keyOf = ({ itemId, ordinal }: VectorRow) => `${ordinal} ${itemId}`;
  const moved = new Map(folded.map((row) => [keyOf(row), row]));
  return rows.map((row) => moved.get(keyOf(row)) ?? row);
}
