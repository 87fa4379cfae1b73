import { type NewExperiment, StudioError } from '@embedding-studio/contracts';
import {
  type Ctx,
  createExperiment,
  findExperiments,
  getExperiment,
  searchItems,
  startExperiment,
  stopExperiment,
  updateExperiment,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openShop, requestTuning, world } from '../rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
let standbyId = '';
let liveId = '';
const query = world.sessions[0]?.query ?? '';

beforeAll(async () => {
  studio = await openShop();
  ctx = studio.ctx;
  await requestTuning(studio);
  await drainTasks(studio.deps);
  const live = await studio.deps.collections.findLive();
  liveId = live?.collectionId ?? '';
  standbyId = live?.previousCollectionId ?? '';
});
afterAll(() => studio.close());

const started: string[] = [];
afterEach(async () => {
  for (const experimentId of started.splice(0)) await stopExperiment({ ctx, input: { experimentId } });
});

async function start(change: Partial<NewExperiment> = {}): Promise<string> {
  const arms = [{ name: 'control' }, { name: 'older', treatment: { collectionId: standbyId } }];
  const { id } = await createExperiment({ ctx, input: { name: 'older model', kind: 'ab', arms, ...change } });
  await startExperiment({ ctx, input: { experimentId: id } });
  started.push(id);
  return id;
}

const search = (userId: string, more: Partial<Parameters<typeof searchItems>[0]['input']> = {}) =>
  searchItems({ ctx, input: { query, userId, createSession: true, limit: 5, ...more } });
const users = Array.from({ length: 40 }, (_, at) => `user-${at}`);
const idsOf = ({ hits }: { hits: { itemId: string }[] }) => hits.map(({ itemId }) => itemId);

describe('an A/B test', () => {
  test('answers each user from the same arm every time and notes the first exposure once', async () => {
    const experimentId = await start();
    const first = await Promise.all(users.map((userId) => search(userId)));
    const again = await Promise.all(users.map((userId) => search(userId)));
    const armOf = (answer: (typeof first)[number]) => answer.experiments?.[0]?.arm;
    expect(first.map(armOf)).toEqual(again.map(armOf));
    expect(new Set(first.map(armOf))).toEqual(new Set(['control', 'older']));
    for (const answer of first) expect(answer.collectionId).toBe(armOf(answer) === 'older' ? standbyId : liveId);
    const { exposures } = await getExperiment({ ctx, input: { experimentId } });
    expect(exposures.multiple).toBe(0);
    const count = (arm: string) => first.filter((answer) => armOf(answer) === arm).length;
    expect(exposures.arms).toEqual([
      { arm: 'control', units: count('control') },
      { arm: 'older', units: count('older') },
    ]);
  });

  test('is written into the session, without saying who the user is', async () => {
    const experimentId = await start();
    const { sessionId = '', experiments } = await search('user-known');
    const session = await studio.deps.sessions.getSession(sessionId);
    expect(session.experiments).toEqual(experiments);
    expect(session.experiments).toMatchObject([{ experimentId, unit: expect.stringMatching(/^[0-9a-f]{24}$/) }]);
  });

  test('leaves alone who orders by a field, asks one leg, wants no part or is not targeted', async () => {
    await start({ targeting: { device: ['phone'] } });
    const asked = [
      {},
      { attributes: { device: 'desktop' } },
      { attributes: { device: 'phone' }, experiments: false },
      { attributes: { device: 'phone' }, legs: 'lexical' as const },
      { attributes: { device: 'phone' }, sortBy: { field: 'title', order: 'asc' as const, forceNotPayload: true } },
    ];
    for (const more of asked) expect((await search('user-1', more)).experiments).toBeUndefined();
    const targeted = await search('user-1', { attributes: { device: 'phone' } });
    expect(targeted.experiments).toHaveLength(1);
    const session = await studio.deps.sessions.getSession(targeted.sessionId ?? '');
    expect(session.searchMeta).toMatchObject({ device: 'phone', offset: 0 });
  });

  test('whose arm cannot answer gives the live answer and says so', async () => {
    const experimentId = await start();
    const failing: Ctx = {
      ...ctx,
      deps: {
        ...ctx.deps,
        collections: {
          ...ctx.deps.collections,
          findCandidates: () => Promise.reject(new StudioError('STORE_UNAVAILABLE', 'away')),
        },
      },
    };
    const answer = await searchItems({ ctx: failing, input: { query, userId: 'user-2', limit: 5 } });
    expect(answer).toMatchObject({ collectionId: liveId, degraded: ['arm_unavailable'] });
    expect(answer.experiments).toHaveLength(1);
    expect(answer.hits).toHaveLength(5);
    await expect.poll(async () => (await studio.deps.experiments.findAgreement(experimentId))?.failed).toBe(1);
  });

  test('ends for everybody when it is stopped, and changes only its traffic while it runs', async () => {
    const experimentId = await start();
    await updateExperiment({ ctx, input: { experimentId, change: { traffic: 0 } } });
    expect((await search('user-3')).experiments).toBeUndefined();
    await updateExperiment({ ctx, input: { experimentId, change: { traffic: 1 } } });
    expect((await search('user-3')).experiments).toHaveLength(1);
    const arms = [{ name: 'control' }, { name: 'other' }];
    const refused = updateExperiment({ ctx, input: { experimentId, change: { arms } } });
    await expect(refused).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'change.arms' });
    await stopExperiment({ ctx, input: { experimentId } });
    expect((await search('user-3')).experiments).toBeUndefined();
    const again = startExperiment({ ctx, input: { experimentId } });
    await expect(again).rejects.toMatchObject({ code: 'TRANSITION_ILLEGAL' });
  });
});

describe('interleaving', () => {
  test('shows both arms in one list that is the same on every page', async () => {
    const arms = [
      { name: 'meaning', treatment: { retriever: 'vector' as const } },
      { name: 'words', treatment: { retriever: 'lexical' as const } },
    ];
    await start({ kind: 'interleaving', arms });
    const whole = await search('user-4', { limit: 8 });
    const [{ teams = '' } = {}] = whole.experiments ?? [];
    expect(teams.length).toBeGreaterThanOrEqual(8);
    expect(teams).toMatch(/A/);
    const head = await search('user-4', { limit: 4 });
    const tail = await search('user-4', { limit: 4, offset: 4 });
    expect([...idsOf(head), ...idsOf(tail)]).toEqual(idsOf(whole));
    expect(new Set(idsOf(whole)).size).toBe(8);
  });
});

describe('a shadow', () => {
  test('is computed behind the answer, which stays as it was', async () => {
    const plain = await search('user-5');
    const experimentId = await start({ kind: 'shadow' });
    const shown = await search('user-5');
    expect(idsOf(shown)).toEqual(idsOf(plain));
    expect(shown.collectionId).toBe(liveId);
    const agreement = () => studio.deps.experiments.findAgreement(experimentId);
    await expect.poll(async () => (await agreement())?.searches).toBe(1);
    expect(await agreement()).toMatchObject({ failed: 0, skipped: 0 });
  });
});

describe('experiments side by side', () => {
  test('of one layer never share a user, and do not fit where nothing is left', async () => {
    await start({ layerShare: 0.5, traffic: 1 });
    await start({ layerShare: 0.5, traffic: 1 });
    const answers = await Promise.all(users.map((userId) => search(userId)));
    for (const { experiments = [] } of answers) expect(experiments).toHaveLength(1);
    expect(new Set(answers.map(({ experiments }) => experiments?.[0]?.experimentId)).size).toBe(2);
    await expect(start({ layerShare: 0.1 })).rejects.toMatchObject({ code: 'TASK_CONFLICT', field: 'layerShare' });
  });

  test('of two layers may not decide the same', async () => {
    await start();
    await expect(start({ layer: 'other' })).rejects.toMatchObject({ code: 'TASK_CONFLICT', field: 'layer' });
    const weights = [{ name: 'control' }, { name: 'words', treatment: { vectorWeight: 0 } }];
    await start({ layer: 'other', arms: weights });
    expect((await search('user-6')).experiments).toHaveLength(2);
  });

  test('are listed newest first, page by page', async () => {
    const first = await findExperiments({ ctx, input: { limit: 2 } });
    const next = await findExperiments({ ctx, input: { limit: 2, after: first.next } });
    const times = [...first.rows, ...next.rows].map(({ createdAt }) => createdAt.getTime());
    expect(times).toEqual([...times].sort((left, right) => right - left));
    expect(new Set([...first.rows, ...next.rows].map(({ id }) => id)).size).toBe(4);
  });
});

test('an experiment that is not there is refused by name', async () => {
  const refused = getExperiment({ ctx, input: { experimentId: 'exp_none' } });
  await expect(refused).rejects.toMatchObject({ code: 'EXPERIMENT_NOT_FOUND', field: 'experimentId' });
});

describe('a held-out user', () => {
  test('sees the live search whatever runs, and the session says so', async () => {
    await start();
    await studio.deps.policies.putPolicy('experiments', { holdoutShare: 0.5, readoutMinutes: 15 });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const answers = await Promise.all(users.map((userId) => search(userId)));
    const held = answers.filter(({ experiments }) => experiments?.[0]?.experimentId === 'holdout');
    expect(held.length).toBeGreaterThan(8);
    for (const { collectionId } of held) expect(collectionId).toBe(liveId);
    await studio.deps.policies.putPolicy('experiments', { holdoutShare: 0, readoutMinutes: 15 });
  });
});
