import { setTimeout as sleep } from 'node:timers/promises';
import { type AnyTask, StudioError } from '@embedding-studio/contracts';
import {
  cancelRollout,
  describeModel,
  describeModels,
  describeRollout,
  findRollouts,
  planDeployment,
  promoteRollout,
  type RolloutDetail,
  requestReindex,
  retryRollout,
  rollBack,
  throttleTask,
  watchRollout,
} from '@embedding-studio/core';
import { loadHandlers } from '@embedding-studio/core/jobs';
import { runTask } from '@embedding-studio/queue';
import { drainTasks, type TestStudio, writeWordArtefact } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getTunedRollout, openShop, requestTuning } from './rollout-world.ts';

let studio: TestStudio;
let tunedId = '';
let baseId = '';
beforeAll(async () => {
  studio = await openShop();
  baseId = (await studio.deps.collections.findLiveCollection())?.collection.modelId ?? '';
  const result = await requestTuning(studio);
  await drainTasks(studio.deps);
  tunedId = (await getTunedRollout(studio, result)).id;
});
afterAll(() => studio.close());

const describeIt = (rolloutId = tunedId) => describeRollout({ ctx: studio.ctx, input: { rolloutId } });

describe('a rollout that went live', () => {
  test('tells its steps with times and tasks, its verdict in words and its verification', async () => {
    const detail = await describeIt();
    expect(detail.steps.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      ...['fine_tuning done', 'evaluation done', 'deployment done', 'reindex done', 'verification done', 'switch done'],
    ]);
    for (const { startedAt, endedAt, task, reason } of detail.steps) {
      expect(endedAt?.getTime()).toBeGreaterThanOrEqual(startedAt?.getTime() ?? Number.POSITIVE_INFINITY);
      expect(task?.status).toBe('done');
      expect(reason).not.toBe('');
    }
    expect(detail.gate?.words).toMatch(/^Accepted: on \d+ held-out queries nDCG@10 changes by \+0\.\d+/);
    expect(detail.verification?.recall.recall10).toBeGreaterThan(0.9);
    expect(detail.replaces?.modelId).toBe(baseId);
    expect(detail.history.map(({ what }) => what)).toContain('verified → live');
    expect(detail.actions.rollBack.isPossible).toBe(true);
    expect(detail.actions.promote).toMatchObject({ isPossible: false, why: 'It serves already.' });
  });

  test('a first index begins behind the gate', async () => {
    const { rows } = await findRollouts({ ctx: studio.ctx, input: { modelId: baseId } });
    const detail = await describeIt(rows[0]?.id);
    expect(detail.steps.map(({ status }) => status).slice(0, 3)).toEqual(['skipped', 'skipped', 'done']);
  });

  test('is found by state and by model, page by page', async () => {
    const { ctx } = studio;
    const all = await findRollouts({ ctx, input: {} });
    expect(all.rows.map(({ id }) => id)[0]).toBe(tunedId);
    expect(all.rows[0]).toMatchObject({ state: 'live', isMoving: false, gate: { decision: 'accepted' } });
    const first = await findRollouts({ ctx, input: { limit: 1 } });
    const rest = await findRollouts({ ctx, input: { limit: 1, after: first.next } });
    expect([...first.rows, ...rest.rows]).toEqual(all.rows);
    expect((await findRollouts({ ctx, input: { states: ['failed'] } })).rows).toEqual([]);
  });

  test('rolls back, and is promoted again only by somebody who knows what serves', async () => {
    const { ctx } = studio;
    await rollBack({ ctx, input: {} });
    const { live, actions } = await describeIt();
    expect(actions.promote.isPossible).toBe(true);
    const promote = (expectedCollectionId: string | null) =>
      promoteRollout({ ctx, input: { rolloutId: tunedId, expectedCollectionId } });
    await expect(promote('col_other')).rejects.toMatchObject({ code: 'LIVE_POINTER_MOVED' });
    await promote(live?.collectionId ?? null);
    const after = await describeIt();
    expect(after.rollout.state).toBe('live');
    expect(after.history[0]?.what).toBe('rollout.promote');
    await expect(promote(after.live?.collectionId ?? null)).rejects.toMatchObject({ code: 'TRANSITION_ILLEGAL' });
  });
});

describe('models', () => {
  test('each tells its family, its size, whether it is loaded and what uses it', async () => {
    const { rows, serverFault } = await describeModels({ ctx: studio.ctx, input: {} });
    expect(serverFault).toBeNull();
    const base = rows.find(({ id }) => id === baseId);
    const tuned = rows.find(({ parent }) => parent?.id === baseId);
    expect(base).toMatchObject({ parent: null, serving: { state: 'READY' }, latency: { p50Ms: 2 } });
    expect(base?.sizeBytes).toBeGreaterThan(100);
    expect(tuned).toMatchObject({ status: 'live', rollouts: [{ id: tunedId, state: 'live' }] });
    expect(tuned?.collections).toMatchObject([{ isLive: true }]);
    const detail = await describeModel({ ctx: studio.ctx, input: { modelId: tuned?.id ?? '' } });
    expect(detail.ancestors.map(({ id }) => id)).toEqual([baseId]);
    expect(detail.trainedBy).toMatch(/^tsk_/);
    const parent = await describeModel({ ctx: studio.ctx, input: { modelId: baseId } });
    expect(parent.children.map(({ id }) => id)).toEqual([tuned?.id]);
  });

  test('a model server that is away takes nothing from the list but what only it knows', async () => {
    const away = async () => {
      throw new StudioError('MODEL_SERVER_UNAVAILABLE', 'away');
    };
    const modelServer = { ...studio.deps.modelServer, listServedModels: away };
    const ctx = { ...studio.ctx, deps: { ...studio.deps, modelServer } };
    const { rows, serverFault } = await describeModels({ ctx, input: {} });
    expect(rows.map(({ serving, latency }) => [serving, latency])).toEqual(rows.map(() => [null, null]));
    expect(serverFault).not.toBeNull();
  });

  test('a deployment plan says what it costs, changes and how to undo it, and starts nothing', async () => {
    const before = (await findRollouts({ ctx: studio.ctx, input: {} })).rows.length;
    const plan = await planDeployment({ ctx: studio.ctx, input: { modelId: await registerOther('planned') } });
    const items = await studio.deps.items.countItems();
    expect(plan).toMatchObject({ kind: 'reindex', items, toEmbed: items, obstacles: [] });
    expect(plan.speed?.from).toBe('reindex');
    expect(plan.minutes).toBeGreaterThan(0);
    expect(plan.disk.neededBytes).toBeGreaterThan(items * 4);
    expect(plan.disk.freeBytes).toBeGreaterThan(0);
    expect(plan.undo).toContain('roll back');
    expect((await findRollouts({ ctx: studio.ctx, input: {} })).rows).toHaveLength(before);
    const { live } = await describeIt();
    const own = await planDeployment({ ctx: studio.ctx, input: { modelId: plan.live?.modelId ?? '' } });
    expect(own).toMatchObject({ kind: 'serves', toEmbed: 0, live: { collectionId: live?.collectionId } });
    expect(own.obstacles).toHaveLength(1);
  });
});

async function registerOther(name: string): Promise<string> {
  const model = await studio.deps.models.getModel(baseId);
  await writeWordArtefact(`${studio.folder}/${name}`);
  await studio.deps.models.createModel({ ...model, id: `mdl_${name}`, name });
  return `mdl_${name}`;
}

describe('a rollout under way', () => {
  test('goes at the rate that is set while it runs, tells its pace, and ends soon after the rate is lifted', async () => {
    const { ctx, deps } = studio;
    const destModelId = await registerOther('slow');
    const sourceModelId = (await deps.collections.findLiveCollection())?.collection.modelId ?? '';
    const rollout = await requestReindex({ ctx, input: { sourceModelId, destModelId, deploy: false } });
    const isReindex = ({ kind, input }: AnyTask) =>
      kind === 'reindex' && 'rolloutId' in input && input.rolloutId === rollout.id;
    await drainTasks(deps, { until: isReindex });
    const [task] = (await deps.tasks.listTasks({ kind: 'reindex', offset: 0, limit: 1 })) as [AnyTask];
    await throttleTask({ ctx, input: { taskId: task.id, itemsPerSecond: 8 } });
    const handlers = await loadHandlers(deps, ['upsertion']);
    const run = runTask(task.id, { tasks: deps.tasks, handlers, log: deps.log });
    const stop = new AbortController();
    const seen: RolloutDetail[] = [];
    const watching = (async () => {
      const input = { rolloutId: rollout.id };
      for await (const detail of watchRollout({ ctx: { ...ctx, signal: stop.signal }, input })) seen.push(detail);
    })();
    await sleep(6_000);
    const halfway = (await deps.tasks.getTask(task.id)).progress;
    // Eighty items at eight a second take ten seconds; unthrottled they take a fraction of one.
    expect(halfway?.done).toBeGreaterThan(0);
    expect(halfway?.done).toBeLessThan(80);
    await throttleTask({ ctx, input: { taskId: task.id, itemsPerSecond: null } });
    expect(await run).toBe('done');
    stop.abort();
    await watching;
    const paces = seen.flatMap(({ progress }) => (progress?.itemsPerSecond == null ? [] : [progress.itemsPerSecond]));
    expect(Math.max(...paces)).toBeLessThan(30);
    expect(seen.some(({ progress }) => progress?.throttle === 8 && progress.isPaced)).toBe(true);
    expect((await describeIt(rollout.id)).history.map(({ what }) => what)).toContain('task.throttle');
    await drainTasks(deps);
    expect((await describeIt(rollout.id)).actions.promote.isPossible).toBe(true);
    const late = throttleTask({ ctx, input: { taskId: task.id, itemsPerSecond: 1 } });
    await expect(late).rejects.toMatchObject({ code: 'TRANSITION_ILLEGAL' });
  });

  test('is canceled and retried, and says at every moment what may be done', async () => {
    const { ctx, deps } = studio;
    const destModelId = await registerOther('stopped');
    const sourceModelId = (await deps.collections.findLiveCollection())?.collection.modelId ?? '';
    const { id } = await requestReindex({ ctx, input: { sourceModelId, destModelId, deploy: false } });
    expect((await describeIt(id)).actions.cancel.isPossible).toBe(true);
    await cancelRollout({ ctx, input: { rolloutId: id } });
    const canceled = await describeIt(id);
    expect(canceled.actions).toMatchObject({ cancel: { isPossible: false }, retry: { isPossible: true } });
    expect(canceled.steps.find(({ status }) => status === 'failed')).toMatchObject({ kind: 'deployment' });
    await retryRollout({ ctx, input: { rolloutId: id } });
    expect((await describeIt(id)).steps.find(({ status }) => status === 'running')?.kind).toBe('deployment');
    await drainTasks(deps);
    expect((await describeIt(id)).rollout.state).toBe('verified');
  });
});
