import { type SessionWithEvents, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { type SessionSplit, splitSessions } from '../evaluation/split-sessions.ts';
import { loadBatchSessions } from '../session/load-batch-sessions.ts';
import { recordExclusions } from '../session/record-exclusions.ts';

export const splitSeed = 20_240_917;
/** Unseen queries wanted for the gate; few sessions give a larger share of their items, many a smaller one. */
const unseenSessionsWanted = 1_000;

const StoredSplit = z.object({ heldOut: z.array(z.string()), heldOutUnseen: z.array(z.string()) });

/** Which sessions train and which judge. Drawn once and stored with the model, so that the gate sees the same split. */
export async function drawBatchSplit(ctx: Ctx, batchId: string | null): Promise<SessionSplit> {
  if (batchId === null) throw evidenceMissing('there are no sessions to learn from');
  return drawSplit(ctx, await recordExclusions(ctx, await loadBatchSessions(ctx, batchId)));
}

export function drawSplit(ctx: Ctx, sessions: readonly SessionWithEvents[]): SessionSplit {
  const { heldOutShare } = ctx.deps.settings;
  const unseenItemShare = Math.min(0.15, Math.max(0.04, unseenSessionsWanted / Math.max(1, sessions.length)));
  return splitSessions(sessions, { heldOutShare, unseenItemShare, seed: splitSeed });
}

export async function storeSplit(ctx: Ctx, artefactKey: string, split: SessionSplit): Promise<void> {
  const stored = {
    heldOut: split.heldOut.map((session) => session.sessionId),
    heldOutUnseen: split.heldOutUnseen.map((session) => session.sessionId),
  };
  await ctx.deps.objects.putObject(splitKey(artefactKey), Buffer.from(JSON.stringify(stored)));
}

export async function loadSplit(
  ctx: Ctx,
  source: { artefactKey: string; batchId: string | null },
): Promise<SessionSplit> {
  if (source.batchId === null) throw evidenceMissing('the rollout names no batch');
  const bytes = await ctx.deps.objects.getObject(splitKey(source.artefactKey));
  const stored = StoredSplit.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  const heldOut = new Set(stored.heldOut);
  const heldOutUnseen = new Set(stored.heldOutUnseen);
  const sessions = await loadBatchSessions(ctx, source.batchId);
  return {
    train: sessions.filter(({ sessionId }) => !heldOut.has(sessionId) && !heldOutUnseen.has(sessionId)),
    heldOut: sessions.filter(({ sessionId }) => heldOut.has(sessionId)),
    heldOutUnseen: sessions.filter(({ sessionId }) => heldOutUnseen.has(sessionId)),
  };
}

function splitKey(artefactKey: string): string {
  return `${artefactKey}split.json`;
}

export function evidenceMissing(what: string): StudioError {
  return new StudioError('TRAINING_EVIDENCE_MISSING', `Not enough to learn from: ${what}.`, {
    publicMessage: `Not enough to learn from: ${what}. Collect more sessions with clicks and try again.`,
  });
}

/** The sessions of one tenant, as searches name it; null: all. */
export function keepTenant(split: SessionSplit, tenant: string | null): SessionSplit {
  if (tenant === null) return split;
  const isOwn = ({ searchMeta }: SessionWithEvents) => searchMeta?.tenant === tenant;
  const { train, heldOut, heldOutUnseen } = split;
  return { train: train.filter(isOwn), heldOut: heldOut.filter(isOwn), heldOutUnseen: heldOutUnseen.filter(isOwn) };
}
