import { join } from 'node:path';
import { type ModelRecord, type SessionWithEvents, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import type { NearNames } from '../evaluation/group-queries.ts';
import { type SessionSplit, splitSessions } from '../evaluation/split-sessions.ts';
import { loadBatchSessions } from '../session/load-batch-sessions.ts';
import { recordExclusions } from '../session/record-exclusions.ts';
import { type NamedQueries, nameNearQueries } from './near-queries.ts';

export const splitSeed = 20_240_917;
/** Unseen queries wanted for the gate; few sessions give a larger share of their items, many a smaller one. */
const unseenSessionsWanted = 1_000;

const StoredSplit = z.object({
  heldOut: z.array(z.string()),
  heldOutUnseen: z.array(z.string()),
  /** What chose the tier: neither trained on nor asked by the gate. */
  choosing: z.array(z.string()).default([]),
  /** Normalised query and its group, where a model tells several hardly apart. */
  near: z.array(z.tuple([z.string(), z.number().int()])).default([]),
});

/** Which sessions train and which judge. Drawn once and stored with the model, so that the gate sees the same split. */
export async function drawBatchSplit(
  ctx: Ctx,
  { batchId, base, folder }: { batchId: string | null; base: ModelRecord; folder: string },
): Promise<{ split: SessionSplit; near: NamedQueries }> {
  if (batchId === null) throw evidenceMissing('there are no sessions to learn from');
  const sessions = await recordExclusions(ctx, await loadBatchSessions(ctx, batchId));
  const texts = sessions.map(({ query }) => query);
  const near = await nameNearQueries(ctx, { base, texts, path: join(folder, 'near-queries.json') });
  return { split: drawSplit(ctx, sessions, near.names), near };
}

export function drawSplit(ctx: Ctx, sessions: readonly SessionWithEvents[], near?: NearNames): SessionSplit {
  const { heldOutShare } = ctx.deps.settings;
  const unseenItemShare = Math.min(0.15, Math.max(0.04, unseenSessionsWanted / Math.max(1, sessions.length)));
  return splitSessions(sessions, { heldOutShare, unseenItemShare, seed: splitSeed, near });
}

export async function storeSplit(
  ctx: Ctx,
  artefactKey: string,
  { choosing = [], ...split }: SessionSplit & { choosing?: readonly SessionWithEvents[] },
): Promise<void> {
  const stored = {
    heldOut: split.heldOut.map((session) => session.sessionId),
    heldOutUnseen: split.heldOutUnseen.map((session) => session.sessionId),
    choosing: choosing.map((session) => session.sessionId),
    near: [...(split.near ?? [])],
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
  const outside = new Set([...heldOut, ...heldOutUnseen, ...stored.choosing]);
  const sessions = await loadBatchSessions(ctx, source.batchId);
  return {
    train: sessions.filter(({ sessionId }) => !outside.has(sessionId)),
    heldOut: sessions.filter(({ sessionId }) => heldOut.has(sessionId)),
    heldOutUnseen: sessions.filter(({ sessionId }) => heldOutUnseen.has(sessionId)),
    near: new Map(stored.near),
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
  return {
    ...split,
    train: train.filter(isOwn),
    heldOut: heldOut.filter(isOwn),
    heldOutUnseen: heldOutUnseen.filter(isOwn),
  };
}
