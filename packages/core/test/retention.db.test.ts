import type { TaskRequest } from '@embedding-studio/contracts';
import {
  type Ctx,
  createDailyRetention,
  getRetention,
  requestRetention,
  updateRetention,
} from '@embedding-studio/core';
import { drainTasks, startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runRetention } from '../src/retention/run-retention.ts';

const days = (count: number) => count * 86_400;
let studio: TestStudio;
let ctx: Ctx;

beforeEach(async () => {
  studio = await startTestStudio({ settings: { retention: { sessionsDays: 30, tasksDays: 10 } } });
  ctx = studio.ctx;
});
afterEach(() => studio.close());

/** Sessions with an event each, in a batch that is then released. */
async function releaseSessions(name: string, count: number): Promise<string> {
  await addSessions(name, count);
  return (await ctx.deps.sessions.releaseBatch(name))?.batchId ?? '';
}

async function addSessions(name: string, count: number): Promise<void> {
  const now = ctx.deps.clock.now();
  const ids = Array.from({ length: count }, (_, at) => `${name}-${at}`);
  const session = { query: 'a secret', shown: [{ itemId: 'a' }], createdAt: now, userId: 'ann' };
  await ctx.deps.sessions.registerSessions(ids.map((sessionId) => ({ ...session, sessionId })));
  const event = { eventId: 'e', itemId: 'a', type: 'click', createdAt: now, receivedAt: now };
  await ctx.deps.sessions.pushEvents(ids.map((sessionId) => ({ ...event, sessionId })));
}

async function endTask(id: string, request: Partial<TaskRequest<'deletion'>> = {}): Promise<void> {
  const { tasks } = ctx.deps;
  await tasks.requestTask({ kind: 'deletion', id, idempotencyKey: id, input: { itemIds: ['x'] }, ...request });
  const claim = await tasks.claimTask(id, 60);
  await tasks.settleTask({ taskId: id, attempt: claim?.attempt ?? 0 }, { status: 'done', result: {} });
}

async function addRollout(id: string, change: { batchId?: string; state?: 'gated' | 'rejected' }): Promise<void> {
  await ctx.deps.rollouts.createRollout({
    ...{ id, state: change.state ?? 'gated', isInitial: true, baseModelId: null, modelId: 'm', waitsFor: id },
    ...{
      sourceCollectionId: null,
      collectionId: null,
      gate: null,
      verification: null,
      batchId: change.batchId ?? null,
    },
  });
}

async function sweep() {
  const task = await requestRetention({ ctx: { ...ctx, requestId: `sweep-${Math.random()}` } });
  await drainTasks(ctx.deps, { until: ({ kind }) => kind !== 'retention' });
  return (await ctx.deps.tasks.getTask(task.id)).result;
}

const isKnown = (sessionId: string) =>
  ctx.deps.sessions.getSession(sessionId).then(
    () => true,
    () => false,
  );

describe('a sweep', () => {
  test('removes ended tasks that are old enough, and no open one, none of a rollout under way, none of a data source', async () => {
    const { tasks, dataSources } = ctx.deps;
    await endTask('old');
    await endTask('of-source');
    await dataSources.createDataSource({
      deletions: 'keep',
      ...{ id: 'src', name: 'films', loader: 'folder', config: {}, sealed: {}, references: {} },
      ...{
        mapping: { id: null, title: null, text: [], payload: null },
        processing: { textProcessors: [], splitter: null },
      },
    });
    await dataSources.setLastTask('src', { from: null, to: 'of-source' });
    await addRollout('under-way', {});
    await addRollout('over', { state: 'rejected' });
    for (const rolloutId of ['under-way', 'over']) {
      await tasks.requestTask({
        kind: 'switch',
        id: `of-${rolloutId}`,
        idempotencyKey: rolloutId,
        input: { rolloutId },
      });
      await tasks.cancelTask(`of-${rolloutId}`);
    }
    const later = { notBefore: new Date(ctx.deps.clock.now().getTime() + days(100) * 1_000) };
    await tasks.requestTask({
      kind: 'deletion',
      id: 'open',
      idempotencyKey: 'open',
      input: { itemIds: ['x'] },
      ...later,
    });
    studio.passSeconds(days(11));
    await endTask('young');
    expect(await sweep()).toMatchObject({ tasks: 2, batches: 0 });
    const left = (await tasks.listTasks({ offset: 0, limit: 50 })).map(({ id, kind }) =>
      kind === 'retention' ? kind : id,
    );
    expect(left.sort()).toEqual(['of-source', 'of-under-way', 'open', 'retention', 'young']);
  });

  test('removes whole batches of sessions with their events, but none that a rollout or an open task needs', async () => {
    const { sessions, tasks } = ctx.deps;
    const old = await releaseSessions('old', 3);
    await addRollout('under-way', { batchId: await releaseSessions('trained-on', 2) });
    const fitted = await releaseSessions('fitted-on', 1);
    const notBefore = new Date(ctx.deps.clock.now().getTime() + days(100) * 1_000);
    await tasks.requestTask({
      ...{ kind: 'ranking_fit', idempotencyKey: 'fit', notBefore, input: { collectionId: 'c', batchId: fitted } },
    });
    studio.passSeconds(days(31));
    await releaseSessions('young', 2);
    expect(await sweep()).toMatchObject({ batches: 1, sessions: 3, events: 3, emptied: 0 });
    expect(await isKnown('old-0')).toBe(false);
    await expect(sessions.getBatch(old)).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
    for (const kept of ['trained-on-1', 'fitted-on-0', 'young-1'])
      expect((await sessions.getSession(kept)).events).toHaveLength(1);
    expect(await sessions.listBatches({ offset: 0, limit: 9 })).toHaveLength(3);
  });

  test('empties old sessions of the batch that collects and keeps their numbers', async () => {
    const { sessions } = ctx.deps;
    await addSessions('old', 3);
    studio.passSeconds(days(31));
    await addSessions('young', 2);
    expect(await sweep()).toMatchObject({ batches: 0, sessions: 0, events: 3, emptied: 3 });
    expect(await sweep()).toMatchObject({ events: 0, emptied: 0 });
    const batchId = (await sessions.releaseBatch('all'))?.batchId ?? '';
    const all = await sessions.listBatchSessions({ batchId, afterNumber: 0, limit: 9, eventsLimit: 9 });
    expect(all.map(({ sessionNumber, query, events }) => [sessionNumber, query, events.length])).toEqual([
      ...[1, 2, 3].map((number) => [number, '', 0]),
      ...[4, 5].map((number) => [number, 'a secret', 1]),
    ]);
    expect(all[0]?.userId).toBeUndefined();
  });

  test('that is cut short goes on where it stood, finds a half-deleted batch gone for readers, and counts once', async () => {
    const { sessions, tasks } = ctx.deps;
    const batchId = await releaseSessions('old', 1_200);
    studio.passSeconds(days(31));
    const { task } = await tasks.requestTask({ kind: 'retention', idempotencyKey: 'cut', input: {} });
    const stop = new AbortController();
    const saved: Record<string, unknown>[] = [];
    const save = async ({ checkpoint = {} }: { checkpoint?: Record<string, unknown> }) => {
      saved.push(checkpoint);
      if (checkpoint.sessions === 500) stop.abort();
    };
    const run = (checkpoint: Record<string, unknown> | null, signal?: AbortSignal) =>
      runRetention({ ctx: { ...ctx, signal }, input: { task: { ...task, checkpoint } as never, save } });
    await expect(run(null, stop.signal)).rejects.toThrow();
    await expect(sessions.getBatch(batchId)).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
    expect(await sessions.listBatches({ offset: 0, limit: 9 })).toEqual([]);
    const { result } = await run(saved.at(-1) ?? null);
    expect(result).toMatchObject({ batches: 1, sessions: 1_200, events: 1_200 });
    expect(await isKnown('old-1199')).toBe(false);
  });

  test('leaves an audit row with its counts, and happens once a day whoever asks', async () => {
    const [first, second] = [createDailyRetention(ctx), createDailyRetention(ctx)];
    for (const ask of [first, first, second]) await ask();
    studio.passSeconds(days(1));
    for (const ask of [first, second]) await ask();
    expect(await ctx.deps.tasks.listTasks({ kind: 'retention', offset: 0, limit: 9 })).toHaveLength(2);
    await drainTasks(ctx.deps);
    const rows = await ctx.deps.audit.listAudit({ beforeId: null, limit: 9 });
    expect(rows.filter(({ action }) => action === 'retention.sweep')).toHaveLength(2);
    expect(rows[0]?.detail).toMatchObject({ tasks: 0, batches: 0, sessions: 0, policy: { sessionsDays: 30 } });
  });
});

describe('the policy', () => {
  test('comes from the settings until an administrator decides; 0 keeps for ever', async () => {
    await endTask('old');
    await releaseSessions('old', 1);
    expect(await getRetention({ ctx })).toMatchObject({ policy: { sessionsDays: 30, tasksDays: 10 }, updatedAt: null });
    await updateRetention({ ctx, input: { sessionsDays: 0 } });
    const after = await updateRetention({ ctx, input: { tasksDays: 0 } });
    expect(after).toMatchObject({ policy: { sessionsDays: 0, tasksDays: 0 }, defaults: { sessionsDays: 30 } });
    studio.passSeconds(days(10_000));
    expect(await sweep()).toMatchObject({ tasks: 0, batches: 0, sessions: 0 });
    expect(await isKnown('old-0')).toBe(true);
  });

  test('is for administrators to change, in whole days', async () => {
    const engineer: Ctx = { ...ctx, actor: { kind: 'user', userId: 'e', role: 'engineer' } };
    await expect(updateRetention({ ctx: engineer, input: { tasksDays: 1 } })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(requestRetention({ ctx: engineer })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    for (const tasksDays of [-1, 0.5, Number.NaN])
      await expect(updateRetention({ ctx, input: { tasksDays } })).rejects.toMatchObject({ field: 'tasksDays' });
  });
});
