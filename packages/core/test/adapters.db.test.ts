import { type Rollout, StudioError } from '@embedding-studio/contracts';
import {
  type Ctx,
  getFineTuning,
  importSessions,
  promoteRollout,
  requestFineTuning,
  requestUpsertion,
  rollBack,
  searchItems,
} from '@embedding-studio/core';
import { identityAdapter } from '@embedding-studio/ml/adapters';
import {
  createWordTrainer,
  drainTasks,
  slangOf,
  type TestStudio,
  wordModelDims,
} from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, world } from './rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
const itemIds = world.items.map(({ id }) => id);

beforeAll(async () => {
  studio = await openShop();
  ctx = studio.ctx;
});
afterAll(() => studio?.close());

const ask = (query: string, tenant?: string) =>
  searchItems({ ctx, input: { query, tenant, legs: 'vector', explain: true } });
const topicOf = async (query: string) => (await ask(query)).hits[0]?.itemId.split('-')[0];
const quiet = () => ({ signal: new AbortController().signal, onProgress: () => undefined });
const liveId = async () => (await ctx.deps.collections.findLive())?.collectionId ?? '';
const modelOf = async (id: string) => (await ctx.deps.collections.getCollection(id)).modelId;
const vectorsOf = async (id: string) => {
  const rows = await ctx.deps.collections.getVectors(id, itemIds);
  return new Map(rows.map((row) => [`${row.itemId} ${row.ordinal}`, row.vector]));
};

async function train(method: string, settings: Record<string, unknown> = {}, key = method): Promise<Rollout> {
  // A batch is what was collected since the last one: the same visits again, as new sessions.
  const sessions = world.sessions.map((one) => {
    const sessionId = `${key}-${one.sessionId}`;
    return { ...one, sessionId, events: one.events.map((event) => ({ ...event, eventId: `${sessionId}-click` })) };
  });
  if (key !== 'query-adapter') await importSessions({ ctx, input: { sessions } });
  const { rollout } = await requestFineTuning({ ctx, input: { method, settings, idempotencyKey: key } });
  studio.passSeconds(15);
  await drainTasks(ctx.deps);
  return ctx.deps.rollouts.getRollout(rollout?.id ?? '');
}

test('a query adapter goes live without a new collection, and the next search is moved by it', async () => {
  const collection = await liveId();
  expect(await topicOf(`${slangOf('boots')} 1`)).not.toBe('boots');
  const stored = await vectorsOf(collection);
  const rollout = await train('query-adapter');
  expect(rollout).toMatchObject({ state: 'live', movesQueries: true, collectionId: null });
  expect(await liveId()).toBe(collection);
  expect(await vectorsOf(collection)).toEqual(stored);
  expect(await topicOf(`${slangOf('boots')} 1`)).toBe('boots');
  expect((await ask('boots')).explain?.queryAdapter).toBe(rollout.modelId);
});

test('rolling back takes effect with the next search and keeps the collection; promoting brings it back', async () => {
  const collection = await liveId();
  const [rollout] = await ctx.deps.rollouts.listRollouts({ state: 'live', offset: 0, limit: 1 });
  await rollBack({ ctx, input: { expectedCollectionId: collection } });
  expect((await ask('boots')).explain?.queryAdapter).toBeNull();
  expect(await liveId()).toBe(collection);
  expect((await ctx.deps.rollouts.getRollout(rollout?.id ?? '')).state).toBe('rolledBack');
  await promoteRollout({ ctx, input: { rolloutId: rollout?.id ?? '', expectedCollectionId: collection } });
  expect((await ask('boots')).explain?.queryAdapter).toBe(rollout?.modelId);
  expect((await ctx.deps.rollouts.getRollout(rollout?.id ?? '')).state).toBe('live');
});

test('a tenant without an adapter of its own shares the one of all, and one with its own does not', async () => {
  const { collection } = (await ctx.deps.collections.findLiveCollection()) ?? {};
  const [shared] = collection?.queryAdapters ?? [];
  expect((await ask('boots', 'acme')).explain?.queryAdapter).toBe(shared?.modelId);
  if (collection === undefined || shared === undefined) throw new TypeError('nothing moves queries');
  const own = { ...shared, tenant: 'acme', modelId: null };
  await ctx.deps.collections.updateCollection(collection.id, { queryAdapters: [shared, own] });
  expect((await ask('boots', 'acme')).explain?.queryAdapter).toBeNull();
  expect((await ask('boots', 'other')).explain?.queryAdapter).toBe(shared.modelId);
});

test('a choice that an adapter on both sides wins is indexed by multiplication, and equals what its encoder gives', async () => {
  const before = await liveId();
  // The gate compares with what serves: only an index without a query adapter leaves something to be gained.
  await ctx.deps.collections.updateCollection(before, { queryAdapters: [] });
  let embedded = 0;
  const { encoder } = ctx.deps;
  ctx.deps.encoder = {
    embed: (request) => {
      if (request.kind === 'item') embedded += request.texts.length;
      return encoder.embed(request);
    },
  };
  const rollout = await train('auto', { tiers: ['T2'] });
  ctx.deps.encoder = encoder;
  expect(rollout.state).toBe('live');
  expect(await liveId()).not.toBe(before);
  expect(embedded).toBe(0);
  const modelId = await modelOf(await liveId());
  const stored = await vectorsOf(await liveId());
  const items = await ctx.deps.items.findItems(itemIds.slice(0, 20));
  for (const { id, parts } of items) {
    const [again] = await encoder.embed({ modelId, texts: parts.slice(0, 1), kind: 'item' });
    const apart = again?.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (stored.get(`${id} 0`)?.[at] ?? 9))),
      0,
    );
    expect(apart).toBeLessThan(1e-5);
  }
});

test('items that come after it are moved too, by the encoder that ends in the adapter', async () => {
  await requestUpsertion({
    ctx,
    input: { id: 'late', items: [{ id: 'late', title: 'purple boots 99', text: 'New.' }] },
  });
  await drainTasks(ctx.deps);
  const { hits } = await ask('purple boots 99');
  expect(hits[0]?.itemId).toBe('late');
});

test('where no training is better than what serves, the model stays, and the rollout says so with all figures', async () => {
  const before = await liveId();
  const { adapterTrainer } = ctx.deps;
  ctx.deps.trainer = createWordTrainer({ outcome: 'scramble' });
  let isAway = true;
  // As an adapter comes out of sessions that have nothing to teach.
  ctx.deps.adapterTrainer = {
    ...adapterTrainer,
    trainAdapter: async ({ set, settings }) => {
      if (isAway) {
        isAway = false;
        throw new StudioError('STORE_UNAVAILABLE', 'away for a moment');
      }
      const short = { ...settings, stepsMax: 1 };
      const { report } = await adapterTrainer.trainAdapter({ set, settings: short, ...quiet() });
      return { adapter: identityAdapter(wordModelDims), report };
    },
  };
  const again = await train('auto', {}, 'again');
  expect(again).toMatchObject({ state: 'rejected', keepsModel: true, modelId: null });
  expect(await liveId()).toBe(before);
  const { tiers, runId } = await getFineTuning({ ctx, input: { jobId: again.id } });
  expect(tiers?.rows.map(({ tier, status }) => `${tier} ${status}`)).toEqual([
    ...['T0 chosen', 'T1 beaten', 'T2 beaten', 'T3 beaten'],
  ]);
  expect(tiers).toMatchObject({ chosen: 'T0', verdict: again.transitions.at(-1)?.reason });
  expect(tiers?.verdict).toContain('the model stays');
  const runs = await ctx.deps.tracker.findRuns(tiers?.rows.flatMap((row) => row.runId ?? []) ?? []);
  expect(runs.map(({ parentRunId, status }) => ({ parentRunId, status }))).toEqual(
    [1, 2, 3].map(() => ({ parentRunId: runId, status: 'FINISHED' })),
  );
  const fits = await ctx.deps.tasks.listTasks({ kind: 'ranking_fit', offset: 0, limit: 10 });
  expect(fits.map(({ status }) => status)).toEqual(['done']);
});
