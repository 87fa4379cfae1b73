import {
  estimateExploration,
  getExplorationPolicy,
  importSessions,
  refreshAnalytics,
  searchItems,
  updateExplorationPolicy,
} from '@embedding-studio/core';
import { explore } from '@embedding-studio/ml/explore';
import type { TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, world } from './rollout-world.ts';

let studio: TestStudio;
const query = world.items[0]?.title ?? '';
const limit = 5;

beforeAll(async () => {
  studio = await openShop();
});
afterAll(() => studio?.close());

type Input = Partial<Parameters<typeof searchItems>[0]['input']>;
const find = (input: Input = {}) =>
  searchItems({ ctx: studio.ctx, input: { query, limit, createSession: true, ...input } });
const idsOf = ({ hits }: Awaited<ReturnType<typeof find>>) => hits.map(({ itemId }) => itemId);
const storedOf = async (sessionId = '') => studio.deps.sessions.getSession(sessionId);
const drawnOf = async (sessionId?: string) =>
  (await storedOf(sessionId)).shown.find(({ propensity }) => propensity !== undefined);

/** Answers a session that explores: whether one does is in its name. */
async function findExploring(prefix: string) {
  const ranked = Array.from({ length: 40 }, (_, at) => `${at}`);
  const given = { ranked, pageSize: limit, epsilon: 0.05, placeMin: 4, countsOf: () => undefined };
  const names = Array.from({ length: 500 }, (_, at) => `${prefix}-${at}`);
  return find({ sessionId: names.find((seed) => explore({ ...given, seed }) !== null) });
}

/** Each of `free` is drawn as often as any other into the place below `above`; the first of them is clicked whenever it is. */
function exploredSessions(above: readonly string[], free: readonly string[]) {
  const exploration = { from: limit, to: limit, epsilon: 0.05 };
  const rounds = Math.ceil(400 / free.length);
  return Array.from({ length: rounds * free.length }, (_, number) => {
    const itemId = free[number % free.length] ?? '';
    const shown = [...above, itemId].map((id, at) => ({
      ...{ itemId: id, position: at + 1 },
      ...(id === itemId ? { propensity: 0.05 / free.length } : {}),
    }));
    const events = itemId === free[0] ? [{ eventId: 'e', itemId }] : [];
    return { sessionId: `logged-${number}`, query, shown, events, searchMeta: { exploration } };
  });
}

describe('exploration', () => {
  test('is off until somebody turns it on, and refuses to go beyond a twentieth or above the fourth place', async () => {
    const whole = idsOf(await find({ limit: 200, createSession: false }));
    expect(whole.length).toBeGreaterThan(limit + 1);
    const pages = await Promise.all(Array.from({ length: 30 }, (_, at) => find({ sessionId: `before-${at}` })));
    for (const page of pages) expect(idsOf(page)).toEqual(whole.slice(0, limit));
    const change = (input: Parameters<typeof updateExplorationPolicy>[0]['input']) =>
      updateExplorationPolicy({ ctx: studio.ctx, input });
    await expect(change({ epsilon: 0.06 })).rejects.toThrow(/epsilon/);
    await expect(change({ placeMin: 3 })).rejects.toThrow(/placeMin/);
    await change({ isEnabled: true, epsilon: 0.05 });
    expect((await getExplorationPolicy({ ctx: studio.ctx })).policy).toEqual({
      isEnabled: true,
      epsilon: 0.05,
      placeMin: 4,
    });
  });

  test('puts one item from behind the page below the third place, and the session says how likely that was', async () => {
    const whole = idsOf(await find({ limit: 200, createSession: false }));
    const page = await findExploring('seen');
    const ids = idsOf(page);
    const drawn = await drawnOf(page.sessionId);
    expect(ids.slice(0, 3)).toEqual(whole.slice(0, 3));
    expect(whole.indexOf(drawn?.itemId ?? '')).toBeGreaterThanOrEqual(limit);
    expect(ids[(drawn?.position ?? 0) - 1]).toBe(drawn?.itemId);
    expect(ids.filter((itemId) => itemId !== drawn?.itemId)).toEqual(whole.slice(0, limit - 1));
    expect(drawn?.propensity).toBeGreaterThan(0);
    expect(drawn?.propensity).toBeLessThanOrEqual(0.05 / 2);
    expect((await storedOf(page.sessionId)).searchMeta?.exploration).toEqual({ from: 4, to: 5, epsilon: 0.05 });
    expect(idsOf(await find({ sessionId: page.sessionId }))).toEqual(ids);
  });

  test('shows every item once over all pages of a cursor, each at its own position', async () => {
    const first = await findExploring('paged');
    const seen = idsOf(first);
    for (let cursor = first.nextCursor; cursor !== undefined; ) {
      const next = await find({ sessionId: first.sessionId, cursor });
      seen.push(...idsOf(next));
      cursor = next.nextCursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(new Set(seen)).toEqual(new Set(idsOf(await find({ limit: 200, createSession: false }))));
    const { shown } = await storedOf(first.sessionId);
    expect(shown.map(({ itemId }) => itemId)).toEqual(seen);
    expect(shown.map(({ position }) => position)).toEqual(seen.map((_, index) => index + 1));
  });

  test('leaves alone who turned it off, asks for an order, one leg, or keeps no session', async () => {
    const { sessionId = '' } = await findExploring('off');
    const plain = idsOf(await find({ createSession: false }));
    expect(idsOf(await find({ sessionId, createSession: false }))).toEqual(plain);
    expect(idsOf(await find({ sessionId, explore: false }))).toEqual(plain);
    const lexical = idsOf(await find({ legs: 'lexical', createSession: false }));
    expect(idsOf(await find({ legs: 'lexical', sessionId }))).toEqual(lexical);
  });

  test('tells what another ranking would have earned on the explored places, from the log alone', async () => {
    const { ctx } = studio;
    const whole = idsOf(await find({ limit: 100, createSession: false }));
    const [shown, free] = [whole.slice(0, limit - 1), whole.slice(limit - 1)];
    const logged = exploredSessions(shown, free);
    await importSessions({ ctx, input: { sessions: logged } });
    const estimate = (treatment: Parameters<typeof estimateExploration>[0]['input']['treatment'] = {}) =>
      estimateExploration({ ctx, input: { treatment, sessions: logged.length } });
    for (let isDone = false; !isDone; )
      isDone = (await refreshAnalytics({ ctx, input: { owner: 'test' } }))?.isCaughtUp ?? false;
    const live = await estimate();
    expect(live.clickRate).toBeCloseTo(1 / free.length, 6);
    const harmonic = free.slice(0, 50).reduce((sum, _, at) => sum + 1 / (at + 1), 0);
    expect(live.ips).toMatchObject({ kind: 'estimated', covered: expect.closeTo(1, 6) });
    expect(live.ips).toMatchObject({ mean: expect.closeTo(1 / harmonic, 6) });
    const byWords = await estimate({ retriever: 'lexical' });
    expect(byWords).toMatchObject({ places: live.places, clickRate: live.clickRate });
    expect(byWords.ips).not.toEqual(live.ips);
    await expect(estimate({ collectionId: 'col_none' })).rejects.toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
  });
});
