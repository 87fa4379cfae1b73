import {
  type CollectionStore,
  defaultRankingProfile,
  type ItemStore,
  type VectorRow,
} from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostileTexts, makeItem, toRow, toUnit } from './item-fixtures.ts';

const unit = (...values: number[]): Float32Array => toUnit(Float32Array.from(values));
const ranking = defaultRankingProfile;
const unknownId = `col_${'0'.repeat(32)}`;

/** What every CollectionStore guarantees. The factory gives empty stores over one database. */
export function testCollectionStore(
  makeStores: () => Promise<{ collections: CollectionStore; items: ItemStore }>,
): void {
  describe('collection store', () => {
    let store: CollectionStore;
    let items: ItemStore;
    const create = (dims = 3) => store.createCollection({ modelId: 'mdl_1', dims, ranking });
    beforeEach(async () => {
      ({ collections: store, items } = await makeStores());
    });

    it('creates, reads, changes and lists collections, newest first', async () => {
      const first = await create();
      const second = await create();
      expect(first).toMatchObject({ modelId: 'mdl_1', dims: 3, status: 'building', ranking });
      const changed = await store.updateCollection(first.id, {
        status: 'ready',
        ranking: { ...ranking, efSearch: 200 },
      });
      expect(changed).toMatchObject({ status: 'ready', ranking: { efSearch: 200 } });
      expect(await store.getCollection(first.id)).toEqual(changed);
      expect((await store.listCollections({ after: null, limit: 1 })).map((c) => c.id)).toEqual([second.id]);
      expect((await store.listCollections({ after: second.id, limit: 9 })).map((c) => c.id)).toEqual([first.id]);
    });

    it('says COLLECTION_NOT_FOUND for unknown and for hostile ids, everywhere', async () => {
      for (const id of [unknownId, 'col_1"; DROP TABLE items; --', ...hostileTexts]) {
        const calls = [
          store.getCollection(id),
          store.updateCollection(id, { status: 'ready' }),
          store.dropCollection(id),
          store.switchLive({ expected: null, next: id }),
          store.putVectors(id, [{ itemId: 'a', ordinal: 0, contentHash: 'h', vector: unit(1, 0, 0) }]),
          store.findNearest({ collectionId: id, vector: unit(1, 0, 0), limit: 1, efSearch: 40 }),
        ];
        for (const outcome of await Promise.allSettled(calls))
          expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'COLLECTION_NOT_FOUND' } });
      }
      expect(await store.listCollections({ after: null, limit: 9 })).toEqual([]);
    });

    it('replaces all parts of an item and gives them back', async () => {
      const item = makeItem('a', { parts: ['1', '2'] });
      await items.upsertItems([item]);
      const { id } = await create();
      await store.putVectors(id, [toRow(item, unit(1, 0, 0), 0), toRow(item, unit(0, 1, 0), 1)]);
      const replaced: VectorRow[] = [toRow(item, unit(0, 0, 1))];
      await store.putVectors(id, replaced);
      expect(await store.getVectors(id, ['a', 'unknown'])).toEqual(replaced);
      expect(await store.countVectors(id)).toEqual({ items: 1, parts: 1, stale: 0 });
      await store.deleteVectors(id, ['a']);
      expect(await store.countVectors(id)).toEqual({ items: 0, parts: 0, stale: 1 });
    });

    it('refuses vectors that are not finite or of another length, and keeps what was there', async () => {
      const item = makeItem('a');
      await items.upsertItems([item]);
      const { id } = await create();
      await store.putVectors(id, [toRow(item, unit(1, 0, 0))]);
      for (const values of [
        [1, Number.NaN, 0],
        [1, Number.POSITIVE_INFINITY, 0],
        [1, 0],
      ])
        await expect(store.putVectors(id, [toRow(item, Float32Array.from(values))])).rejects.toMatchObject({
          code: 'MODEL_INVALID',
        });
      expect(await store.getVectors(id, ['a'])).toEqual([toRow(item, unit(1, 0, 0))]);
    });

    it('lists items without a vector of their current content, and a slow writer does not undo a newer one', async () => {
      const [a, b, c] = [makeItem('a'), makeItem('b'), makeItem('c')];
      await items.upsertItems([a, b, c]);
      const { id } = await create();
      await store.putVectors(id, [toRow(a, unit(1, 0, 0)), toRow(b, unit(1, 0, 0))]);
      expect(await store.listStaleItems(id, { after: null, limit: 9 })).toEqual([c]);
      const newer = makeItem('a', { title: 'newer' });
      await items.upsertItems([newer]);
      expect((await store.listStaleItems(id, { after: null, limit: 1 })).map((item) => item.id)).toEqual(['a']);
      expect((await store.listStaleItems(id, { after: 'a', limit: 9 })).map((item) => item.id)).toEqual(['c']);
      await store.putVectors(id, [toRow(newer, unit(0, 1, 0))]);
      await store.putVectors(id, [toRow(a, unit(0, 0, 1))]);
      expect(await store.getVectors(id, ['a'])).toEqual([toRow(newer, unit(0, 1, 0))]);
    });

    it('leaves vectors of unknown items out, and deleting an item deletes its vectors', async () => {
      const item = makeItem('a');
      await items.upsertItems([item]);
      const { id } = await create();
      await store.putVectors(id, [toRow(item, unit(1, 0, 0)), toRow(makeItem('ghost'), unit(1, 0, 0))]);
      expect(await store.countVectors(id)).toEqual({ items: 1, parts: 1, stale: 0 });
      await items.deleteItems(['a']);
      expect(await store.countVectors(id)).toEqual({ items: 0, parts: 0, stale: 0 });
    });

    it('ends with the parts of one writer when several replace the same items at once', async () => {
      const all = Array.from({ length: 10 }, (_, i) => makeItem(`item${i}`));
      await items.upsertItems(all);
      const { id } = await create();
      await Promise.all(
        Array.from({ length: 6 }, (_, writer) => {
          const order = writer % 2 === 0 ? all : [...all].reverse();
          const rows = order.flatMap((item) => [0, 1].map((part) => toRow(item, unit(1, writer, part), part)));
          return store.putVectors(id, rows);
        }),
      );
      const rows = await store.getVectors(
        id,
        all.map((item) => item.id),
      );
      expect(rows).toHaveLength(20);
      const writers = rows.map((row) => Math.round((row.vector[1] ?? 0) / (row.vector[0] ?? 1)));
      expect(new Set(writers).size).toBe(1);
    });

    it('finds items by their best part, nearest first, whether or not there is an index', async () => {
      const [a, b] = [makeItem('a'), makeItem('b')];
      await items.upsertItems([a, b]);
      const { id } = await create();
      await store.putVectors(id, [
        ...[unit(0, 0, 1), unit(1, 0.1, 0), unit(1, 0.2, 0), unit(1, 0.3, 0)].map((v, i) => toRow(a, v, i)),
        toRow(b, unit(1, 1, 0)),
      ]);
      const query = { collectionId: id, vector: unit(1, 0, 0), limit: 2, efSearch: 40 };
      const before = await store.findNearest(query);
      expect(before.map((hit) => hit.itemId)).toEqual(['a', 'b']);
      expect(before[0]?.distance).toBeCloseTo(1 - 1 / Math.sqrt(1.01), 6);
      await store.buildIndex(id, { m: 16, efConstruction: 64 });
      await store.buildIndex(id, { m: 16, efConstruction: 64 });
      expect(await store.findNearest(query)).toEqual(before);
      expect(await store.findNearest({ ...query, exact: true })).toEqual(before);
    });

    it('moves the live pointer only from where the caller saw it', async () => {
      const [a, b, c] = [await create(), await create(), await create()];
      expect(await store.findLive()).toBeNull();
      expect(await store.findLiveCollection()).toBeNull();
      const first = await store.switchLive({ expected: null, next: a.id });
      expect(first).toMatchObject({ collectionId: a.id, previousCollectionId: null, version: 1 });
      await expect(store.switchLive({ expected: null, next: b.id })).rejects.toMatchObject({
        code: 'LIVE_POINTER_MOVED',
      });
      await expect(store.switchLive({ expected: c.id, next: b.id })).rejects.toMatchObject({
        code: 'LIVE_POINTER_MOVED',
      });
      const second = await store.switchLive({ expected: a.id, next: b.id });
      expect(second).toMatchObject({ collectionId: b.id, previousCollectionId: a.id, version: 2 });
      expect(await store.findLive()).toEqual(second);
      expect(await store.findLiveCollection()).toEqual({
        pointer: second,
        collection: await store.getCollection(b.id),
        revision: expect.any(String),
      });
    });

    it('answers a search only from what is live as it was last read', async () => {
      const item = makeItem('a', { title: 'zorb', payload: { price: 3 } });
      await items.upsertItems([item]);
      const [a, b] = [await create(), await create()];
      for (const { id } of [a, b]) await store.putVectors(id, [toRow(item, unit(1, 0, 0))]);
      await store.switchLive({ expected: null, next: a.id });
      const ask = async () => {
        const live = await store.recallLiveCollection();
        if (live === null) throw new TypeError('nothing is live');
        const profile = live.collection.ranking;
        const page = { offset: 0, limit: 5 };
        return store.searchLive({ live, text: 'zorb', vector: unit(1, 0, 0), depth: 5, efSearch: 40, profile, page });
      };
      await store.findLiveCollection();
      expect(await ask()).toMatchObject({
        candidates: [{ itemId: 'a', cosine: 1 }],
        hits: [{ id: 'a', title: 'zorb', payload: { price: 3 } }],
      });
      await store.updateCollection(a.id, { ranking: { ...a.ranking, vectorWeight: 0.9 } });
      expect(await ask(), 'weights that were replaced').toBeNull();
      await store.findLiveCollection();
      expect(await ask()).not.toBeNull();
      await store.switchLive({ expected: a.id, next: b.id });
      expect(await ask(), 'a collection that was switched away from').toBeNull();
      await store.dropCollection(a.id);
      expect(await ask(), 'a collection that is gone').toBeNull();
      await store.findLiveCollection();
      expect(await ask()).toMatchObject({ candidates: [{ itemId: 'a' }] });
    });

    it('refuses to drop the live collection or to serve a dropped one; dropping twice is harmless', async () => {
      const [a, b] = [await create(), await create()];
      await store.switchLive({ expected: null, next: a.id });
      await expect(store.dropCollection(a.id)).rejects.toMatchObject({ code: 'TASK_CONFLICT' });
      await store.switchLive({ expected: a.id, next: b.id });
      await store.dropCollection(a.id);
      await store.dropCollection(a.id);
      expect(await store.getCollection(a.id)).toMatchObject({ status: 'retired' });
      expect(await store.findLive()).toMatchObject({ previousCollectionId: null });
      await expect(store.switchLive({ expected: b.id, next: a.id })).rejects.toMatchObject({ code: 'TASK_CONFLICT' });
    });

    it('never ends with a dropped collection live when a switch and a drop race', async () => {
      for (let round = 0; round < 10; round++) {
        const live = await store.findLive();
        const next = await create();
        await Promise.allSettled([
          store.switchLive({ expected: live?.collectionId ?? null, next: next.id }),
          store.dropCollection(next.id),
        ]);
        const after = await store.findLive();
        if (after !== null) expect((await store.getCollection(after.collectionId)).status).not.toBe('retired');
      }
    });

    it('pauses what neither serves nor is next in line; only building brings it back, and it never goes live', async () => {
      const [live, previous, other] = [await create(), await create(), await create()];
      await store.switchLive({ expected: null, next: previous.id });
      await store.switchLive({ expected: previous.id, next: live.id });
      const paused = [];
      for (const { id } of [live, previous, other, other]) paused.push(await store.pauseCollection(id));
      expect(paused).toEqual([false, false, true, false]);
      expect((await store.listWriteTargets()).map(({ id }) => id)).toEqual([live.id, previous.id]);
      const conflict = { code: 'TASK_CONFLICT' };
      await expect(store.switchLive({ expected: live.id, next: other.id })).rejects.toMatchObject(conflict);
      await expect(store.updateCollection(other.id, { status: 'ready' })).rejects.toMatchObject(conflict);
      await store.updateCollection(other.id, { status: 'building' });
      await store.updateCollection(other.id, { status: 'ready' });
      expect(await store.listWriteTargets()).toHaveLength(3);
    });

    it('never ends with a paused collection live when a switch and a pause race', async () => {
      let live = await create();
      await store.switchLive({ expected: null, next: live.id });
      for (let round = 0; round < 10; round++) {
        const next = await create();
        await Promise.allSettled([
          store.pauseCollection(next.id),
          store.switchLive({ expected: live.id, next: next.id }),
        ]);
        const serving = await store.getCollection((await store.findLive())?.collectionId ?? '');
        expect(serving.status).not.toBe('paused');
        live = serving;
      }
    });

    it('names live, previous, building and ready collections as write targets, never retired ones', async () => {
      const [a, b, c, d] = [await create(), await create(), await create(), await create()];
      await store.switchLive({ expected: null, next: a.id });
      await store.switchLive({ expected: a.id, next: b.id });
      await store.updateCollection(c.id, { status: 'ready' });
      await store.dropCollection(d.id);
      expect((await store.listWriteTargets()).map((target) => target.id).sort()).toEqual([a.id, b.id, c.id].sort());
    });
  });
}
