import {
  type Ctx,
  getImprovement,
  type ImportSessionsInput,
  importSessions,
  requestFold,
  requestImprovement,
  rollBack,
  searchItems,
  updateImprovement,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, world } from './rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;

type Visit = ImportSessionsInput['sessions'][number];
const itemIds = world.items.map(({ id }) => id);

function visit(sessionId: string, query: string, clicked: string): Visit {
  const at = itemIds.indexOf(clicked);
  const others = [1, 2, 3, 4, 5, 6, 7].map((step) => itemIds[(at + step * 9) % itemIds.length] ?? '');
  const shown = [others[0] ?? '', clicked, ...others.slice(1)].map((itemId) => ({ itemId }));
  return { sessionId, query, shown, events: [{ eventId: 'click', itemId: clicked }] };
}

/** Half of the items are asked for by a nickname that no text has, the others now and then by what they are called. */
const nicknames = itemIds.flatMap((itemId, at) =>
  at % 2 === 0
    ? Array.from({ length: 12 }, (_, index) => visit(`nick-${itemId}-${index}`, `znick${at}q ${index}x`, itemId))
    : [0, 1].map((index) => visit(`name-${itemId}-${index}`, `${world.items[at]?.title} ${index}y`, itemId)),
);
/** The same queries, each time for another item: nothing to be learned. */
const moods = nicknames.map((one, at) =>
  visit(`mood-${one.sessionId}`, one.query, itemIds[(at * 37) % itemIds.length] ?? ''),
);

const drain = async () => {
  studio.passSeconds(15);
  await drainTasks(ctx.deps);
};
const learnFrom = async (sessions: readonly Visit[]) => {
  for (let start = 0; start < sessions.length; start += 500)
    await importSessions({ ctx, input: { sessions: sessions.slice(start, start + 500) } });
  await requestImprovement({ ctx, input: {} });
  await drain();
};
const liveId = async () => (await ctx.deps.collections.findLive())?.collectionId ?? '';
const vectorsOf = async (id: string) => {
  const rows = await ctx.deps.collections.getVectors(id, itemIds);
  return new Map(rows.map(({ itemId, ordinal, vector }) => [`${itemId} ${ordinal}`, vector]));
};
const fold = async () => {
  const { id } = await requestFold({ ctx });
  await drain();
  return ctx.deps.rollouts.getRollout(id);
};
const ask = (query: string) => searchItems({ ctx, input: { query, legs: 'vector', explain: true } });
const foldsKept = async () => (await ctx.deps.objects.listObjects('folds/')).length;

async function open(): Promise<void> {
  studio = await openShop();
  ctx = studio.ctx;
  await updateImprovement({ ctx, input: { isOn: true } });
}

describe('a fold that the gate rejects', () => {
  beforeAll(open);
  afterAll(() => studio?.close());

  test('is refused while nothing has been learned', async () => {
    await expect(requestFold({ ctx })).rejects.toMatchObject({ code: 'TRAINING_EVIDENCE_MISSING' });
  });

  test('changes nothing: pointer, vectors, overlay, answers, and leaves nothing behind', async () => {
    await learnFrom(moods);
    const live = await liveId();
    const before = {
      pointer: await ctx.deps.collections.findLive(),
      vectors: await vectorsOf(live),
      improvement: await getImprovement({ ctx, input: {} }),
      collections: (await ctx.deps.collections.listWriteTargets()).length,
      hits: (await ask('red boots')).hits,
    };
    expect(before.improvement.counts.items).toBeGreaterThan(0);
    const rollout = await fold();
    expect(rollout).toMatchObject({ state: 'rejected', foldsOverlay: true, collectionId: null });
    expect({
      pointer: await ctx.deps.collections.findLive(),
      vectors: await vectorsOf(live),
      improvement: await getImprovement({ ctx, input: {} }),
      collections: (await ctx.deps.collections.listWriteTargets()).length,
      hits: (await ask('red boots')).hits,
    }).toEqual(before);
    expect(await foldsKept()).toBe(0);
    const [collection] = await ctx.deps.collections.listCollections({ after: null, limit: 1 });
    expect((await ctx.deps.models.getModel(collection?.modelId ?? '')).status).toBe('live');
  });

  test('is judged once: the same version of the overlay gets the same answer', async () => {
    const { id } = await requestFold({ ctx });
    expect((await ctx.deps.rollouts.getRollout(id)).state).toBe('rejected');
    expect((await requestFold({ ctx })).id).toBe(id);
  });
});

describe('a fold that the gate accepts', () => {
  beforeAll(open);
  afterAll(() => studio?.close());
  let old = '';
  let folded = '';

  test('goes live as a second collection of the same model, with the moved vectors', async () => {
    await learnFrom(nicknames);
    old = await liveId();
    const before = await vectorsOf(old);
    const rollout = await fold();
    expect([rollout.state, rollout.transitions.at(-1)?.reason]).toEqual(['live', expect.anything()]);
    folded = await liveId();
    expect(folded).not.toBe(old);
    expect(await vectorsOf(old)).toEqual(before);
    const after = await vectorsOf(folded);
    const moved = [...after].filter(([key, vector]) => vector.some((value, at) => value !== before.get(key)?.[at]));
    expect([after.size, moved.length > 20, moved.length < after.size]).toEqual([before.size, true, true]);
    expect(await foldsKept()).toBe(0);
  });

  test('starts with an empty overlay that is on, and what was folded never counts again', async () => {
    const counts = async () => (await getImprovement({ ctx, input: {} })).counts.items;
    expect((await getImprovement({ ctx, input: {} })).state).toMatchObject({ collectionId: folded, isOn: true });
    expect(await counts()).toBe(0);
    await requestImprovement({ ctx, input: {} });
    await drain();
    expect(await counts()).toBe(0);
    const later = nicknames.slice(0, 3).map((one) => ({ ...one, sessionId: `later-${one.sessionId}` }));
    await learnFrom(later);
    expect(await counts()).toBe(1);
    const { item } = await getImprovement({ ctx, input: { itemId: 'boots-0' } });
    expect(item?.provenance.sessions).toBe(3);
  });

  test('a rollback restores the old vectors and their overlay, and going forward again the folded ones', async () => {
    await rollBack({ ctx, input: {} });
    expect(await liveId()).toBe(old);
    const report = await getImprovement({ ctx, input: {} });
    expect(report).toMatchObject({ collectionId: old, state: { isOn: true } });
    expect(report.counts.items).toBeGreaterThan(20);
    const [hit] = (await ask('znick0q 3x')).hits;
    expect(hit).toMatchObject({ itemId: itemIds[0], explain: { overlay: { delta: expect.any(Number) } } });
    await rollBack({ ctx, input: {} });
    expect(await liveId()).toBe(folded);
    expect((await ask('znick0q 3x')).hits[0]?.itemId).toBe(itemIds[0]);
  });
});
