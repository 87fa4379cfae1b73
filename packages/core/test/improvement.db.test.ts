import type { Ctx } from '@embedding-studio/core';
import {
  applyDeltas,
  eraseUser,
  getImprovement,
  ingestEvents,
  markIrrelevant,
  personaliseQuery,
  registerSession,
  rollBackImprovement,
  searchItems,
  updateImprovement,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop } from './rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
let collectionId: string;
beforeAll(async () => {
  studio = await openShop();
  ctx = studio.ctx;
  collectionId = (await ctx.deps.collections.findLiveCollection())?.collection.id ?? '';
});
afterAll(() => studio?.close());

let counter = 0;
const query = 'red lamps made of oak';
const shown = ['lamps-0', 'lamps-1', 'lamps-2', 'lamps-3', 'lamps-4', 'lamps-5'];

/** A session with a click, as an application reports it. */
async function visit(clicked: string, more: { userId?: string; at?: string } = {}): Promise<string> {
  const sessionId = `visit-${++counter}`;
  const list = shown.map((itemId, index) => ({ itemId, position: index + 1 }));
  await registerSession({ ctx, input: { sessionId, query: more.at ?? query, shown: list, userId: more.userId } });
  await ingestEvents({ ctx, input: { events: [{ sessionId, eventId: 'e', itemId: clicked, dwellSeconds: 120 }] } });
  return sessionId;
}

/** What the overlay adds to the cosine of an item. */
async function gain(itemId: string): Promise<number> {
  const [vector = new Float32Array()] = await embed(query);
  const [candidate] = await applyDeltas(ctx, {
    ...{ collectionId, queryVector: vector },
    candidates: [{ itemId, cosine: 0.5, lexical: 0, lexicalScale: 0 }],
  });
  return candidate?.overlay?.delta ?? 0;
}

async function embed(text: string): Promise<Float32Array[]> {
  const { collection } = (await ctx.deps.collections.findLiveCollection()) ?? {};
  return ctx.deps.encoder.embed({ modelId: collection?.modelId ?? '', texts: [text], kind: 'query' });
}

const learn = async () => {
  studio.passSeconds(15);
  await drainTasks(ctx.deps);
};

describe('improvement', () => {
  test('is off until it is turned on: clicks are kept, nothing is learned', async () => {
    await visit('lamps-3');
    await learn();
    expect(await gain('lamps-3')).toBe(0);
    expect((await getImprovement({ ctx, input: {} })).state).toBeNull();
    const tasks = await ctx.deps.tasks.listTasks({ kind: 'improvement', offset: 0, limit: 5 });
    expect(tasks).toEqual([]);
  });

  test('once on, learns from what came before and after, also from visitors without a name', async () => {
    await updateImprovement({ ctx, input: { isOn: true } });
    await visit('lamps-3');
    await learn();
    const one = await gain('lamps-3');
    expect(one).toBeGreaterThan(0);
    await visit('lamps-3');
    await learn();
    expect(await gain('lamps-3')).toBeGreaterThan(one);
    expect(await gain('lamps-5')).toBe(0);
  });

  test('names where a delta comes from, and writes no vector of an item', async () => {
    const before = await ctx.deps.collections.getVectors(collectionId, shown);
    const last = await visit('lamps-3', { userId: 'ann' });
    await learn();
    const { item, counts } = await getImprovement({ ctx, input: { itemId: 'lamps-3' } });
    expect(item).toMatchObject({ isMoved: true, provenance: { users: 4, sessions: 4 } });
    expect(item?.provenance.latest).toContain(last);
    expect(counts).toMatchObject({ items: 1, users: 1 });
    expect(await ctx.deps.collections.getVectors(collectionId, shown)).toEqual(before);
  });

  test('running twice over the same feedback changes nothing', async () => {
    const before = await gain('lamps-3');
    for (let i = 0; i < 2; i++) {
      const now = ctx.deps.clock.now().getTime();
      await ctx.deps.tasks.requestTask({
        kind: 'improvement',
        idempotencyKey: `again-${i}-${now}`,
        input: { collectionId },
      });
      await drainTasks(ctx.deps);
    }
    expect(await gain('lamps-3')).toBeCloseTo(before, 5);
    expect((await getImprovement({ ctx, input: { itemId: 'lamps-3' } })).item?.provenance.sessions).toBe(4);
  });

  test('moves the query of the user who clicked, near their interest only, and of nobody else', async () => {
    const [near = new Float32Array()] = await embed(query);
    const asked = { collectionId, vector: near };
    const personal = await personaliseQuery(ctx, { ...asked, userId: 'ann' });
    expect(personal.explain?.gate).toBeGreaterThan(0);
    expect(personal.vector).not.toEqual(near);
    expect((await personaliseQuery(ctx, { ...asked, userId: 'bob' })).vector).toBe(near);
    expect((await personaliseQuery(ctx, asked)).vector).toBe(near);
  });

  test('a search shows it: the clicked item rises for the user most, and says by what', async () => {
    const asked = { query, legs: 'vector' as const, limit: 20, explain: true };
    const plain = await searchItems({ ctx, input: asked });
    const personal = await searchItems({ ctx, input: { ...asked, userId: 'ann' } });
    const explainOf = ({ hits }: typeof plain) => hits.find(({ itemId }) => itemId === 'lamps-3')?.explain;
    expect(explainOf(plain)?.overlay).toMatchObject({ delta: expect.any(Number), version: expect.any(Number) });
    expect(explainOf(plain)?.overlay?.delta).toBeGreaterThan(0);
    expect([plain.explain?.personal, personal.explain?.personal?.gate]).toEqual([null, expect.any(Number)]);
    expect(explainOf(personal)?.cosine ?? 0).toBeGreaterThan(explainOf(plain)?.cosine ?? 0);
    expect(explainOf(personal)?.rank ?? 99).toBeLessThanOrEqual(explainOf(plain)?.rank ?? 0);
    const lamps = (hits: typeof plain.hits) =>
      hits.slice(0, 10).filter(({ itemId }) => itemId.startsWith('lamps')).length;
    expect(lamps(personal.hits)).toBeGreaterThanOrEqual(lamps(plain.hits));
  });

  test('without a user, or with a store that is away, a search is answered as ever', async () => {
    const broken: Ctx = {
      ...ctx,
      deps: {
        ...ctx.deps,
        improvement: {
          ...ctx.deps.improvement,
          recallOverlay: async () => {
            throw new TypeError('away');
          },
        },
      },
    };
    const { hits, degraded } = await searchItems({ ctx: broken, input: { query, userId: 'ann', limit: 5 } });
    expect([hits.length, degraded]).toEqual([5, []]);
  });

  test('a session from searches holds the rendered list with places, over all of its pages', async () => {
    const page = (offset: number) =>
      searchItems({ ctx, input: { query, limit: 3, offset, createSession: true, sessionId: 'pages', userId: 'bob' } });
    const [first, second] = [await page(0), await page(3)];
    const { shown: list } = await ctx.deps.sessions.getSession('pages');
    expect(list.map(({ itemId }) => itemId)).toEqual([...first.hits, ...second.hits].map(({ itemId }) => itemId));
    expect(list.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6]);
    const { searchMeta } = await ctx.deps.sessions.getSession('pages');
    expect(searchMeta).toMatchObject({ offset: 0 });
  });

  test('a mark of irrelevance takes back what the session said', async () => {
    const before = await gain('lamps-4');
    const sessionId = await visit('lamps-4');
    await learn();
    expect(await gain('lamps-4')).toBeGreaterThan(before);
    await markIrrelevant({ ctx, input: { sessionId } });
    await learn();
    expect(await gain('lamps-4')).toBeCloseTo(before, 6);
  });

  test('ten thousand clicks of one actor count for no more than one, and the actor is marked', async () => {
    const calm = await gain('lamps-2');
    await visit('lamps-2', { userId: 'calm' });
    await learn();
    const once = (await gain('lamps-2')) - calm;
    const list = shown.map((itemId) => ({ itemId }));
    const sessions = Array.from({ length: 400 }, (_, index) => ({
      ...{
        sessionId: `eve-${index}`,
        query: `${query} ${index}`,
        shown: list,
        userId: 'eve',
        createdAt: new Date(ctx.deps.clock.now().getTime() - index * 10_000),
      },
    }));
    await ctx.deps.sessions.registerSessions(sessions);
    const events = sessions.map(({ sessionId }) => ({ sessionId, eventId: 'e', itemId: 'lamps-1', type: 'purchase' }));
    await ingestEvents({ ctx, input: { events } });
    await learn();
    expect(await gain('lamps-1')).toBeLessThanOrEqual(2 * once);
    expect((await ctx.deps.sessions.countExclusions(null)).user_one_item).toBe(400);
  });

  test('an earlier version is served again at once, held, and left when the hold ends', async () => {
    const newest = (await getImprovement({ ctx, input: {} })).state;
    const served = await gain('lamps-3');
    await rollBackImprovement({ ctx, input: { version: 0 } });
    expect(await gain('lamps-3')).toBe(0);
    await visit('lamps-3');
    await learn();
    expect(await gain('lamps-3')).toBe(0);
    const after = await updateImprovement({ ctx, input: { isHeld: false } });
    expect(after.version).toBeGreaterThan(newest?.version ?? 0);
    expect(await gain('lamps-3')).toBeGreaterThanOrEqual(served);
    await expect(rollBackImprovement({ ctx, input: { version: 9_999 } })).rejects.toMatchObject({ field: 'version' });
  });

  test('erasing a user removes interests, clicks and their part in what was learned', async () => {
    const before = await getImprovement({ ctx, input: { itemId: 'lamps-3' } });
    const result = await eraseUser({ ctx, input: { userId: 'ann' } });
    expect(result).toMatchObject({ sessions: 1, events: 1 });
    const after = await getImprovement({ ctx, input: { itemId: 'lamps-3' } });
    expect(after.item?.provenance.sessions).toBe((before.item?.provenance.sessions ?? 0) - 1);
    const [near = new Float32Array()] = await embed(query);
    expect((await personaliseQuery(ctx, { collectionId, userId: 'ann', vector: near })).explain).toBeNull();
    expect(await eraseUser({ ctx, input: { userId: 'ann' } })).toEqual({ sessions: 0, events: 0, items: 0 });
    const [row] = await ctx.deps.audit.listAudit({ beforeId: null, limit: 1 });
    expect(row?.action).toBe('user.erase');
    expect(JSON.stringify(row)).not.toContain('ann');
    await learn();
    expect((await getImprovement({ ctx, input: { itemId: 'lamps-3' } })).item?.provenance).toEqual(
      after.item?.provenance,
    );
  });

  test('off again, searches are as they were', async () => {
    await updateImprovement({ ctx, input: { isOn: false } });
    expect(await gain('lamps-3')).toBe(0);
  });
});
