import type { ArrivalCursor, Collection, SessionEvidence, SessionWithEvents } from '@embedding-studio/contracts';
import { cleanSessions } from '@embedding-studio/ml/clicks';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { recordAudit } from '../record-audit.ts';
import { recordExclusions } from '../session/record-exclusions.ts';
import { refreshCentroids, refreshDeltas } from './refresh-overlay.ts';
import { weighSession } from './weigh-session.ts';

const arrivalsPerPage = 2_000;
/** Arrivals of several processes may overtake one another by this much; reading some twice changes nothing. */
const overlapMs = 5_000;
const dayMs = 86_400_000;
const evidenceDays = 120;
const versionsDays = 7;
const refreshPerRun = 500;

interface Counts {
  sessions: number;
  items: number;
  users: number;
}

/** Learns from all that arrived since the last run. Safe to run twice and to resume: a session speaks once. */
export async function runImprovement({ ctx, input }: { ctx: Ctx; input: JobRun<'improvement'> }): Promise<JobResult> {
  authorise(ctx, 'rollout.write');
  const { collectionId } = input.task.input;
  const { improvement, clock } = ctx.deps;
  const state = await improvement.findState(collectionId);
  if (state === null || !state.isOn) return { result: { skipped: 'off' } };
  const collection = await ctx.deps.collections.getCollection(collectionId);
  const counts: Counts = { sessions: 0, items: 0, users: 0 };
  const until = clock.now();
  let cursor = rewind(state.cursor, state.learnFrom);
  for (;;) {
    ctx.signal?.throwIfAborted();
    const page = await ctx.deps.sessions.listTouched({ after: cursor, until, limit: arrivalsPerPage });
    if (page.sessionIds.length === 0) break;
    await learnFrom(ctx, { collection, sessionIds: page.sessionIds, since: state.learnFrom, counts });
    const isLast = page.cursor === null || page.cursor.key === cursor.key;
    cursor = page.cursor ?? cursor;
    await improvement.updateState(collectionId, { cursor });
    await input.save({ progress: { done: counts.sessions, total: counts.sessions, note: 'read', secondsLeft: null } });
    if (isLast) break;
  }
  await refreshFaded(ctx, collection, counts);
  const { version } = (await improvement.findState(collectionId)) ?? state;
  if (counts.items > 0)
    await recordAudit(ctx, { action: 'improvement.learn', subject: collectionId, detail: { ...counts, version } });
  return { result: { ...counts, version } };
}

function rewind(cursor: ArrivalCursor | null, learnFrom: Date): ArrivalCursor {
  const from = cursor === null ? learnFrom.getTime() : cursor.receivedAt.getTime() - overlapMs;
  return { receivedAt: new Date(Math.max(from, learnFrom.getTime())), key: '' };
}

async function learnFrom(
  ctx: Ctx,
  page: { collection: Collection; sessionIds: readonly string[]; since: Date; counts: Counts },
): Promise<void> {
  const { collection, counts } = page;
  const found = await ctx.deps.sessions.findSessions(page.sessionIds);
  const recent = found.filter(({ createdAt }) => createdAt >= page.since);
  const judged = await recordExclusions(ctx, recent);
  const usable = new Set(cleanSessions(judged).usable);
  const evidence = judged.map((session) => weighSession(session, usable.has(session)));
  const queries = await embedUnknown(ctx, { collection, evidence, sessions: judged });
  const { itemIds, userKeys } = await ctx.deps.improvement.putEvidence(collection.id, evidence, queries);
  await refreshDeltas(ctx, collection.id, itemIds);
  await refreshCentroids(ctx, collection.id, userKeys);
  counts.sessions += evidence.filter(({ items }) => items.length > 0).length;
  counts.items += itemIds.length;
  counts.users += userKeys.length;
}

/** Query vectors in the collection's own space, each normalised query once. */
async function embedUnknown(
  ctx: Ctx,
  given: { collection: Collection; evidence: readonly SessionEvidence[]; sessions: readonly SessionWithEvents[] },
): Promise<Map<string, Float32Array>> {
  const { collection, evidence, sessions } = given;
  const texts = new Map<string, string>();
  evidence.forEach(({ queryKey, items }, at) => {
    if (items.length > 0) texts.set(queryKey, sessions[at]?.query ?? '');
  });
  const unknown = await ctx.deps.improvement.listUnknownQueries(collection.id, [...texts.keys()]);
  const vectors = new Map<string, Float32Array>();
  const { embedBatch } = ctx.deps.settings;
  for (let start = 0; start < unknown.length; start += embedBatch) {
    const keys = unknown.slice(start, start + embedBatch);
    const embedded = await ctx.deps.encoder.embed({
      modelId: collection.modelId,
      texts: keys.map((key) => texts.get(key) ?? ''),
      kind: 'query',
      signal: ctx.signal,
    });
    keys.forEach((key, at) => {
      const vector = embedded[at];
      if (vector !== undefined) vectors.set(key, vector);
    });
  }
  return vectors;
}

/** Evidence fades by itself: deltas of yesterday are made anew, and what has faded wholly goes. */
async function refreshFaded(ctx: Ctx, collection: Collection, counts: Counts): Promise<void> {
  const now = ctx.deps.clock.now().getTime();
  const old = await ctx.deps.improvement.listOldDeltas(collection.id, new Date(now - dayMs), refreshPerRun);
  if (old.length === 0) return;
  await ctx.deps.improvement.prune(collection.id, {
    evidence: new Date(now - evidenceDays * dayMs),
    versions: new Date(now - versionsDays * dayMs),
  });
  await refreshDeltas(ctx, collection.id, old);
  counts.items += old.length;
}
