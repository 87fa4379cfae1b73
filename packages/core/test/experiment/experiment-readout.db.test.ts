import type { Experiment, NewExperiment } from '@embedding-studio/contracts';
import {
  type Ctx,
  createExperiment,
  createExperimentKeeper,
  estimateDuration,
  getReadout,
  getReadoutSeries,
  ingestEvents,
  listReadouts,
  refreshAnalytics,
  requestFineTuning,
  searchItems,
  shipArm,
  sliceReadout,
  startExperiment,
  stopExperiment,
  takeReadout,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio, withCrashPoints } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runRetirement } from '../../src/rollout/run-retirement.ts';
import { openShop, world } from '../rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
let liveId = '';
let restingId = '';
let rolloutId = '';
const query = world.sessions[0]?.query ?? '';

beforeAll(async () => {
  studio = await openShop();
  ctx = studio.ctx;
  const input = { method: 'words', idempotencyKey: 'resting', switches: false };
  const { rollout } = await requestFineTuning({ ctx, input });
  await drainTasks(studio.deps);
  liveId = (await studio.deps.collections.findLive())?.collectionId ?? '';
  rolloutId = rollout?.id ?? '';
  restingId = (await studio.deps.rollouts.getRollout(rolloutId)).collectionId ?? '';
});
afterAll(() => studio?.close());

async function start(change: Partial<NewExperiment>): Promise<string> {
  const arms = [{ name: 'control' }, { name: 'new', treatment: { collectionId: restingId } }];
  const input = { name: 'new model', kind: 'ab' as const, arms, primaryMetric: 'ctr@10', unitsMin: 20, ...change };
  const { id } = await createExperiment({ ctx, input });
  await startExperiment({ ctx, input: { experimentId: id } });
  return id;
}

/** Everybody searches once; of each arm a share clicks, the same users every time. */
async function visit(
  users: number,
  shares: Record<string, number>,
): Promise<Awaited<ReturnType<typeof searchItems>>[]> {
  const answers = await Promise.all(
    Array.from({ length: users }, (_, at) =>
      searchItems({ ctx, input: { query, userId: `user-${at}`, createSession: true, limit: 5 } }),
    ),
  );
  const events = answers.flatMap(({ sessionId = '', hits, experiments: [own] = [] }, at) => {
    const share = shares[own?.arm ?? ''] ?? 0;
    return (at * 37) % 100 < share * 100 ? [{ sessionId, eventId: 'e', itemId: hits[0]?.itemId ?? '' }] : [];
  });
  if (events.length > 0) await ingestEvents({ ctx, input: { events } });
  await exposuresStored(answers);
  await follow();
  return answers;
}

/** They are stored beside the searches, and may come behind them. */
async function exposuresStored(answers: readonly Awaited<ReturnType<typeof searchItems>>[]): Promise<void> {
  const parts = answers.flatMap(({ experiments = [] }) => experiments);
  const [first] = parts;
  if (first === undefined) return;
  const units = new Set(parts.map(({ unit }) => unit)).size;
  const count = async () => {
    const { arms } = await studio.deps.experiments.countExposures(first.experimentId);
    return arms.reduce((sum, arm) => sum + arm.units, 0);
  };
  await expect.poll(count, { timeout: 20_000 }).toBeGreaterThanOrEqual(units);
}

async function follow(): Promise<void> {
  while ((await refreshAnalytics({ ctx, input: { owner: 'test' } }))?.isCaughtUp !== true);
}

const getExperiment = (id: string): Promise<Experiment> => studio.deps.experiments.getExperiment(id);
const kindsOf = ({ timeline }: Experiment) => timeline.map(({ kind }) => kind);

test('the same facts give the same snapshot and no second row; one more click gives another', async () => {
  const experimentId = await start({});
  await visit(120, { control: 0.5, new: 0.5 });
  const first = await takeReadout({ ctx, input: { experimentId } });
  expect(first.isNew).toBe(true);
  const units = first.readout.arms.map((arm) => arm.units);
  expect(units.reduce((sum, count) => sum + count, 0)).toBe(120);
  expect(first.readout.arms.map(({ searches }) => searches)).toEqual(units);
  expect(first.readout.metrics[0]?.arms[0]?.result.kind).toBe('estimated');
  studio.passSeconds(600);
  await follow();
  const second = await takeReadout({ ctx, input: { experimentId } });
  expect(second).toEqual({ readout: first.readout, isNew: false });
  await ingestEvents({ ctx, input: { events: await clicksOf(experimentId) } });
  await follow();
  const third = await takeReadout({ ctx, input: { experimentId } });
  expect(third.isNew).toBe(true);
  const { rows } = await listReadouts({ ctx, input: { experimentId } });
  expect(rows.map(({ id }) => id)).toEqual([third.readout.id, first.readout.id]);
  const old = { experimentId, readoutId: first.readout.id };
  expect((await getReadout({ ctx, input: { experimentId } })).readout).toEqual(third.readout);
  expect((await getReadout({ ctx, input: old })).readout).toEqual(first.readout);
  const other = await createExperiment({
    ctx,
    input: { name: 'other', kind: 'ab', arms: [{ name: 'a' }, { name: 'b' }] },
  });
  const elsewhere = getReadout({ ctx, input: { ...old, experimentId: other.id } });
  await expect(elsewhere).rejects.toMatchObject({ code: 'EXPERIMENT_NOT_FOUND', field: 'readoutId' });
  const [series] = await getReadoutSeries({ ctx, input: { experimentId } });
  expect(series?.points.map(({ at }) => at)).toEqual([first.readout.createdAt, third.readout.createdAt]);
  const { slices } = await sliceReadout({ ctx, input: { experimentId, by: 'answer' } });
  expect(slices).toMatchObject([{ slice: 'words and meaning', searches: 120 }]);
  const planned = await estimateDuration({ ctx, input: { metric: 'ctr@10', effect: 0.1 } });
  expect(planned).toMatchObject({ kind: 'estimated', baseline: { unitsPerDay: expect.any(Number) } });
  await expectPostponed();
  await stopExperiment({ ctx, input: { experimentId } });
});

/** A click in a session that had none. */
async function clicksOf(experimentId: string) {
  const idle: string[] = [];
  const range = { from: new Date(0), to: new Date('2100-01-01') };
  await studio.deps.analytics.visitExperiment(experimentId, range, (facts) => {
    if (facts.clicks === 0) idle.push(facts.sessionId);
  });
  return [{ sessionId: idle[0] ?? '', eventId: 'e', itemId: 'x', position: 1 }];
}

/** What a running experiment answers from outlives its time to stand by. */
async function expectPostponed(): Promise<void> {
  const { task } = await studio.deps.tasks.requestTask({
    ...{ kind: 'retirement', idempotencyKey: 'for the test', input: { collectionId: restingId } },
    notBefore: new Date(Date.now() + 3_600_000),
  });
  if (task.kind !== 'retirement') throw new Error(task.kind);
  const run = { task, save: async () => undefined };
  const first = await runRetirement({ ctx, input: run });
  expect(first.result).toMatchObject({ skipped: 'An experiment answers from the collection.' });
  expect((await runRetirement({ ctx, input: run })).result).toEqual(first.result);
  expect((await studio.deps.collections.getCollection(restingId)).status).toBe('ready');
}

test('a canary whose guardrail is breached rolls itself back, and nobody sees its arm afterwards', async () => {
  // Some have searched before anything was tried.
  await visit(100, { '': 0.5 });
  const keep = createExperimentKeeper(ctx);
  const experimentId = await start({
    ...{ kind: 'canary', guardrails: [{ metric: 'ctr@10', lossMax: 0.05 }], unitsExpected: 200 },
    canary: { steps: [0.3, 0.5], minutesPerStep: 5, unitsPerStep: 10_000 },
  });
  const before = await visit(160, { control: 0.9, new: 0.1 });
  expect(new Set(before.map(({ collectionId }) => collectionId))).toEqual(new Set([liveId, restingId]));
  studio.passSeconds(61);
  await Promise.all([keep(), createExperimentKeeper(ctx)()]);
  const ended = await getExperiment(experimentId);
  expect(ended.state).toBe('rolledBack');
  expect(kindsOf(ended)).toEqual(['created', 'started', 'rolledBack', 'settled']);
  expect(ended.timeline[2]?.words).toMatch(/^Rolled back by itself\. Guardrail: CTR@10 of new changes by −/);
  expect((await studio.deps.rollouts.getRollout(rolloutId)).state).toBe('failed');
  const readout = await studio.deps.experiments.findNewestReadout(experimentId);
  expect(readout?.health.prePeriod).toMatchObject({ isAlarm: false });
  expect(readout?.metrics[0]?.arms[0]?.result).toMatchObject({ kind: 'estimated', explained: expect.any(Number) });
  const after = await visit(40, {});
  expect(new Set(after.map(({ collectionId }) => collectionId))).toEqual(new Set([liveId]));
  expect(after.every(({ experiments = [] }) => experiments.length === 0)).toBe(true);
  expect((await studio.deps.collections.findLive())?.collectionId).toBe(liveId);
  const audited = await studio.deps.audit.listAudit({ beforeId: null, limit: 50, subjects: [experimentId] });
  const row = audited.find(({ action }) => action === 'experiment.rolledBack');
  expect(row).toMatchObject({ actor: 'system:experiment-keeper', detail: { reasons: [expect.any(String)] } });
  const shipped = shipArm({ ctx, input: { experimentId, arm: 'new' } });
  await expect(shipped).rejects.toMatchObject({ code: 'TRANSITION_ILLEGAL' });
});

test('a canary that harms nobody climbs its steps, waits for its guardrail and ships, though its keeper is killed after each thing it does', async () => {
  const arms = [{ name: 'control' }, { name: 'new', treatment: { vectorWeight: 0.77 } }];
  const experimentId = await start({
    ...{ kind: 'canary', arms, guardrails: [{ metric: 'ctr@10', lossMax: 0.2 }] },
    canary: { steps: [0.3, 0.5], minutesPerStep: 1, unitsPerStep: 20 },
  });
  const keep = createExperimentKeeper(ctx);
  const look = async () => {
    studio.passSeconds(61);
    await keep();
    return getExperiment(experimentId);
  };
  expect(kindsOf(await look())).toEqual(['created', 'started']);
  await visit(160, { control: 0.5, new: 0.5 });
  const climbed = await look();
  expect(climbed).toMatchObject({ state: 'running', step: 1, definition: { traffic: 1 } });
  await visit(80, { control: 0.9, new: 0.4 });
  const waiting = await look();
  expect(waiting).toMatchObject({ state: 'running', step: 1 });
  expect(waiting.timeline.at(-1)).toMatchObject({
    kind: 'waits',
    words: expect.stringMatching(/stays there until more units have come\. CTR@10 changes by −/),
  });
  await visit(160, { control: 0.2, new: 0.9 });
  const died = await keepUntilDone();
  expect(died).toEqual([
    ...['experiments.putReadout', 'experiments.replaceExperiment'],
    ...['collections.updateCollection', 'audit.record'],
  ]);
  expect(kindsOf(await look())).toEqual(['created', 'started', 'step', 'waits', 'shipped', 'settled']);
  expect(await getExperiment(experimentId)).toMatchObject({ state: 'shipped', shippedArm: 'new' });
  const { ranking } = await studio.deps.collections.getCollection(liveId);
  expect(ranking).toMatchObject({ vectorWeight: 0.77, fittedOn: `experiment:${experimentId}` });
  const settled = await getExperiment(experimentId);
  expect(await shipArm({ ctx, input: { experimentId, arm: 'new' } })).toEqual(settled);
});

/** One keeper after the other dies, each at something that none before had died at; says where, in order. */
async function keepUntilDone(): Promise<string[]> {
  const died: string[] = [];
  for (;;) {
    studio.passSeconds(61);
    const mortal = withCrashPoints(studio.deps, { shouldDie: (point) => !died.includes(point.slice('idle.'.length)) });
    await createExperimentKeeper({ ...ctx, deps: mortal.deps })().catch(() => undefined);
    if (!mortal.isDead()) return died;
    died.push(mortal.passed.at(-1)?.slice('idle.'.length) ?? '');
  }
}

test('an arm that no collection can keep is refused with what to do instead', async () => {
  const arms = [{ name: 'control' }, { name: 'plain', treatment: { improvement: false } }];
  const experimentId = await start({ arms });
  const refused = shipArm({ ctx, input: { experimentId, arm: 'plain' } });
  await expect(refused).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'arm' });
  expect((await getExperiment(experimentId)).state).toBe('running');
});
