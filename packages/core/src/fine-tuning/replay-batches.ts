import { join } from 'node:path';
import type { ModelRecord, SessionWithEvents, TrainingSettings } from '@embedding-studio/contracts';
import { normaliseQuery, weighClicks } from '@embedding-studio/ml/clicks';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../context.ts';
import { groupQueries, type NearNames } from '../evaluation/group-queries.ts';
import type { SessionSplit } from '../evaluation/split-sessions.ts';
import { loadBatchSessions } from '../session/load-batch-sessions.ts';
import { nameNearQueries } from './near-queries.ts';

/** Newest first; what is older says less about what is asked for today. */
const batchesMax = 5;
const listed = 100;
const sessionsMax = 20_000;

export interface Replay {
  sessions: SessionWithEvents[];
  /** Earlier batches that were read. */
  batches: number;
}

/** What the settings ask for; nothing when they ask for none. */
export async function replayFor(
  ctx: Ctx,
  made: {
    batchId: string | null;
    split: SessionSplit;
    settings: Pick<TrainingSettings, 'replayShare' | 'seed'>;
    base: ModelRecord;
    folder: string;
  },
): Promise<Replay> {
  const { replayShare: share = 0, seed } = made.settings;
  if (share === 0 || made.batchId === null) return { sessions: [], batches: 0 };
  return replayBatches(ctx, { ...made, batchId: made.batchId, share, seed });
}

/**
 * Sessions of earlier released batches, one a query, so that they make up `share` of all training sessions. Left out:
 * queries of this batch in any spelling or near sense (also held-out ones) and clicks on items that are held out as unseen.
 */
export async function replayBatches(
  ctx: Ctx,
  made: { batchId: string; split: SessionSplit; share: number; seed: number; base: ModelRecord; folder: string },
): Promise<Replay> {
  const { split, share, seed } = made;
  const earlier = await listEarlier(ctx, made.batchId);
  const found: SessionWithEvents[] = [];
  for (const batchId of earlier) if (found.length < sessionsMax) found.push(...(await loadBatchSessions(ctx, batchId)));
  const { train, heldOut, heldOutUnseen } = split;
  const texts = [...train, ...heldOut, ...heldOutUnseen, ...found.slice(0, sessionsMax)].map(({ query }) => query);
  const near = await nameNearQueries(ctx, { base: made.base, texts, path: join(made.folder, 'near-replay.json') });
  const usable = keepNew(found.slice(0, sessionsMax), split, near.names);
  const wanted = Math.round((share / (1 - share)) * split.train.length);
  return { sessions: shuffle(usable, createRandom(seed)).slice(0, wanted), batches: earlier.length };
}

async function listEarlier(ctx: Ctx, batchId: string): Promise<string[]> {
  const batches = await ctx.deps.sessions.listBatches({ offset: 0, limit: listed });
  const own = batches.findIndex((batch) => batch.batchId === batchId);
  const older = own < 0 ? [] : batches.slice(own + 1);
  return older
    .filter(({ status, sessionCount }) => status === 'released' && sessionCount > 0)
    .slice(0, batchesMax)
    .map((batch) => batch.batchId);
}

function keepNew(found: readonly SessionWithEvents[], split: SessionSplit, near: NearNames): SessionWithEvents[] {
  const current = [...split.train, ...split.heldOut, ...split.heldOutUnseen];
  const groups = groupQueries(
    [...current, ...found].map(({ query }) => query),
    near,
  );
  const taken = new Set(groups.slice(0, current.length));
  const unseen = new Set(split.heldOutUnseen.flatMap((session) => [...weighClicks(session).keys()]));
  const keys = new Set<string>();
  return found.filter((session, at) => {
    const clicked = [...weighClicks(session).keys()];
    const key = normaliseQuery(session.query);
    const group = groups[current.length + at] ?? -1;
    if (clicked.length === 0 || session.isIrrelevant || taken.has(group) || keys.has(key)) return false;
    if (clicked.some((itemId) => unseen.has(itemId))) return false;
    keys.add(key);
    return true;
  });
}
