import { type EmbedRequest, StudioError } from '@embedding-studio/contracts';
import {
  averageVectors,
  type CoreDeps,
  cancelTask,
  requestDeletion,
  requestUpsertion,
  restartTask,
  retryFailed,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openShop, requestTuning } from './rollout-world.ts';

let studio: TestStudio;
let deps: CoreDeps;
beforeAll(async () => {
  studio = await openShop();
  deps = studio.deps;
});
afterAll(() => studio.close());

const batchSize = 128;
const makeItems = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `${name}-${String(index).padStart(4, '0')}`,
    title: `${name} ${index}`,
  }));

/** The same deps with something done before each embedding. */
function beforeEmbed(act: (request: EmbedRequest) => Promise<void> | void, given = deps): CoreDeps {
  return {
    ...given,
    encoder: {
      embed: async (request) => {
        await act(request);
        return given.encoder.embed(request);
      },
    },
  };
}

const liveId = async () => (await deps.collections.findLive())?.collectionId ?? '';
const countParts = async (ids: string[]) => (await deps.collections.getVectors(await liveId(), ids)).length;

describe('upsertion', () => {
  const items = makeItems('cancel', batchSize * 3);
  const ids = items.map(({ id }) => id);

  test('a running task that is canceled stops between batches and leaves nothing half done', async () => {
    const { ctx } = studio;
    await requestUpsertion({ ctx, input: { id: 'cancel', items } });
    await drainTasks(
      beforeEmbed(async ({ texts }) => {
        if (texts[0]?.startsWith(`cancel ${batchSize * 2}`)) await cancelTask({ ctx, input: { taskId: 'cancel' } });
      }),
    );
    expect(await deps.tasks.getTask('cancel')).toMatchObject({ status: 'canceled', error: { code: 'ABORTED' } });
    const stored = await deps.items.findItems(ids);
    expect(stored.length % batchSize).toBe(0);
    expect(stored.length).toBeGreaterThan(0);
    expect(stored.length).toBeLessThan(items.length);
    expect(await countParts(ids)).toBe(stored.length);
  });

  test('restarted, it goes on with what is missing and embeds nothing twice', async () => {
    const missing = items.length - (await deps.items.findItems(ids)).length;
    await restartTask({ ctx: studio.ctx, input: { taskId: 'cancel' } });
    let embedded = 0;
    await drainTasks(
      beforeEmbed(({ texts }) => {
        embedded += texts.length;
      }),
    );
    expect(await deps.tasks.getTask('cancel')).toMatchObject({
      status: 'done',
      result: { items: items.length, failed: 0 },
    });
    expect(embedded).toBe(missing);
    expect(await countParts(ids)).toBe(items.length);
  });

  test('a waiting task that is canceled never runs', async () => {
    const { ctx } = studio;
    await requestUpsertion({ ctx, input: { id: 'waiting', items: makeItems('waiting', 2) } });
    await cancelTask({ ctx, input: { taskId: 'waiting' } });
    await drainTasks(deps);
    expect(await deps.tasks.getTask('waiting')).toMatchObject({ status: 'canceled', attempt: 0 });
    expect(await deps.items.findItems(['waiting-0000'])).toEqual([]);
  });

  test('failures name item and stage; a retry of the failed touches nothing else', async () => {
    const { ctx } = studio;
    const poisoned = (text: string) => text.includes('retry 3') || text.includes('retry 5');
    const broken: CoreDeps = {
      ...beforeEmbed(({ texts }) => {
        if (texts.some(poisoned)) throw new StudioError('MODEL_INVALID', 'NaN');
      }),
      items: {
        ...deps.items,
        upsertItems: async (some) => {
          if (some.some(({ id }) => id === 'retry-0007')) throw new StudioError('INPUT_INVALID', 'unstorable');
          return deps.items.upsertItems(some);
        },
      },
    };
    await requestUpsertion({ ctx, input: { id: 'retry', items: makeItems('retry', 10) } });
    await drainTasks(broken);
    const first = await deps.tasks.getTask('retry');
    expect(first.failures).toEqual([
      { itemId: 'retry-0003', stage: 'embed', detail: 'NaN' },
      { itemId: 'retry-0005', stage: 'embed', detail: 'NaN' },
      { itemId: 'retry-0007', stage: 'store', detail: 'unstorable' },
    ]);
    const again = await retryFailed({ ctx, input: { taskId: 'retry' } });
    expect((await retryFailed({ ctx, input: { taskId: 'retry' } })).id).toBe(again.id);
    const embedded: string[] = [];
    await drainTasks(beforeEmbed(({ texts }) => void embedded.push(...texts)));
    expect(await deps.tasks.getTask(again.id)).toMatchObject({ status: 'done', result: { items: 3, failed: 0 } });
    expect(embedded.sort()).toEqual(['retry 3', 'retry 5', 'retry 7']);
    await expect(retryFailed({ ctx, input: { taskId: again.id } })).rejects.toMatchObject({ code: 'TASK_CONFLICT' });
  });

  test('a collection that begins while a batch is being embedded gets the batch too', async () => {
    const { ctx } = studio;
    const [live] = (await deps.collections.listWriteTargets()).filter(({ status }) => status === 'ready');
    if (live === undefined) throw new Error('nothing is live');
    let begun = '';
    await requestUpsertion({ ctx, input: { id: 'begun', items: makeItems('begun', 3) } });
    await drainTasks(
      beforeEmbed(async () => {
        if (begun === '') begun = (await deps.collections.createCollection(live)).id;
      }),
    );
    expect(await deps.collections.getVectors(begun, ['begun-0000', 'begun-0001', 'begun-0002'])).toHaveLength(3);
    await deps.collections.dropCollection(begun);
  });
});

describe('deletion', () => {
  test('removes items, words and vectors; unknown ids are no failure', async () => {
    const { ctx } = studio;
    const items = makeItems('gone', 250);
    await requestUpsertion({ ctx, input: { items } });
    await drainTasks(deps);
    const ids = items.map(({ id }) => id);
    await requestDeletion({ ctx, input: { id: 'gone', itemIds: [...ids, 'never-there'] } });
    await drainTasks(deps);
    expect(await deps.tasks.getTask('gone')).toMatchObject({
      status: 'done',
      result: { items: 251, deleted: 250, failed: 0 },
      failures: [],
    });
    expect(await deps.items.findItems(ids)).toEqual([]);
    expect(await countParts(ids)).toBe(0);
  });

  test('a faulty id is refused with its place', async () => {
    const call = requestDeletion({ ctx: studio.ctx, input: { itemIds: ['fine', ''] } });
    await expect(call).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'itemIds.1' });
  });
});

describe('reindex', () => {
  let rolloutId = '';

  test('canceled before it ran it fails its rollout; restarted the rollout goes on', async () => {
    const { ctx } = studio;
    await requestUpsertion({ ctx, input: { items: makeItems('aaa', 250) } });
    await drainTasks(deps);
    rolloutId = (await requestTuning(studio)).rollout?.id ?? '';
    await drainTasks(deps, { until: ({ kind }) => kind === 'reindex' });
    const [reindex] = await deps.tasks.listTasks({ kind: 'reindex', status: 'pending', offset: 0, limit: 1 });
    await cancelTask({ ctx, input: { taskId: reindex?.id ?? '' } });
    await drainTasks(deps);
    expect((await deps.rollouts.getRollout(rolloutId)).state).toBe('failed');
    const retried = await restartTask({ ctx, input: { taskId: reindex?.id ?? '' } });
    expect(retried).toMatchObject({ kind: 'reindex', status: 'pending', input: { rolloutId } });
  });

  test('what is written, replaced and deleted while it runs is right in both collections', async () => {
    const { ctx } = studio;
    const replaced = { id: 'aaa-0001', title: 'purple unicorn' };
    let isFirst = true;
    const putVectors: CoreDeps['collections']['putVectors'] = async (collectionId, rows) => {
      await deps.collections.putVectors(collectionId, rows);
      if (!isFirst) return;
      isFirst = false;
      // The job is past the first page and will not look at its items again.
      await requestUpsertion({ ctx, input: { id: 'busy', items: [replaced, { id: '000-first', title: 'new' }] } });
      await requestDeletion({ ctx, input: { id: 'busy-gone', itemIds: ['aaa-0002'] } });
      await drainTasks(deps);
    };
    await drainTasks(
      { ...deps, collections: { ...deps.collections, putVectors } },
      { until: ({ kind }) => kind === 'verification' },
    );
    expect(isFirst).toBe(false);
    const [current] = await deps.items.findItems([replaced.id]);
    const { collectionId } = await deps.rollouts.getRollout(rolloutId);
    const targets = (await deps.collections.listWriteTargets()).map(({ id }) => id);
    expect(targets).toEqual(expect.arrayContaining([collectionId, await liveId()]));
    for (const id of targets) {
      const rows = await deps.collections.getVectors(id, [replaced.id, '000-first', 'aaa-0002']);
      expect(rows.map(({ itemId }) => itemId)).toEqual(['000-first', replaced.id]);
      expect(rows.at(-1)?.contentHash).toBe(current?.contentHash);
    }
    await drainTasks(deps);
    expect((await deps.rollouts.getRollout(rolloutId)).state).toBe('live');
  });
});

describe('average vectors', () => {
  const long = (word: string) => Array.from({ length: 60 }, (_, index) => `${word}${index % 7}`).join(' ');
  const items = [
    { id: 'long-a', title: '', text: long('alpha') },
    { id: 'long-b', title: '', text: long('beta') },
  ];

  test('each is the mean of its own parts, whatever was written with it, and no search can find it', async () => {
    const { ctx } = studio;
    await requestUpsertion({ ctx, input: { items } });
    await drainTasks(deps);
    const { averages, collectionId } = await averageVectors({ ctx, input: { itemIds: ['long-a', 'long-b', 'none'] } });
    expect(averages.map(({ itemId }) => itemId)).toEqual(['long-a', 'long-b']);
    for (const { itemId, vector, length } of averages) {
      const parts = await deps.collections.getVectors(collectionId, [itemId]);
      expect(parts).toHaveLength(2);
      const mean = vector.map((_, d) => parts.reduce((sum, part) => sum + (part.vector[d] ?? 0), 0) / parts.length);
      expect(length).toBeCloseTo(Math.hypot(...mean), 4);
      vector.forEach((value, d) => void expect(value).toBeCloseTo((mean[d] ?? 0) / length, 4));
    }
    expect(averages[0]?.vector).not.toEqual(averages[1]?.vector);
  });

  test('an unknown collection is named', async () => {
    const input = { itemIds: ['long-a'], collectionId: 'col_none' };
    await expect(averageVectors({ ctx: studio.ctx, input })).rejects.toMatchObject({ code: 'COLLECTION_NOT_FOUND' });
  });
});
