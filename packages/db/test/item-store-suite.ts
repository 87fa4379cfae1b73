import type { ItemStore } from '@embedding-studio/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostileTexts, makeItem } from './item-fixtures.ts';

/** What every ItemStore guarantees. The factory gives an empty store. */
export function testItemStore(makeStore: () => Promise<ItemStore>): void {
  describe('item store', () => {
    let store: ItemStore;
    beforeEach(async () => {
      store = await makeStore();
    });

    it('gives back whole items as they were written, in the order of the ids asked for', async () => {
      const items = [
        makeItem('b', { title: 'Blade', body: 'runner', payload: { year: 1982, tags: ['a', 'b'], deep: { x: null } } }),
        makeItem('a', { title: 'Été', body: '', parts: ['one', 'two'] }),
      ];
      expect(await store.upsertItems(items)).toEqual(['b', 'a']);
      expect(await store.findItems(['a', 'nothing', 'b'])).toEqual([items[1], items[0]]);
      expect(await store.countItems()).toBe(2);
    });

    it('gives hits in the order of the ids asked for, with title and payload alone', async () => {
      const [a, b] = [makeItem('a', { title: 'Été', body: 'long', payload: { year: 1982 } }), makeItem('b')];
      await store.upsertItems([a, b]);
      expect(await store.findHits(['b', 'nothing', 'a'])).toEqual(
        [b, a].map(({ id, title, payload }) => ({ id, title, payload })),
      );
    });

    it('names the items that are new or differ in text or payload, and no others', async () => {
      await store.upsertItems([makeItem('a', { title: 'A' }), makeItem('b', { title: 'B' })]);
      const changed = await store.upsertItems([
        makeItem('a', { title: 'A', payload: { price: 2 } }),
        makeItem('b', { title: 'B2' }),
        makeItem('c'),
      ]);
      expect(changed).toEqual(['a', 'b', 'c']);
      const same = makeItem('a', { title: 'A', payload: { price: 2 } });
      expect(await store.upsertItems([same, makeItem('b', { title: 'B3' })])).toEqual(['b']);
      expect((await store.findItems(['a']))[0]?.payload).toEqual({ price: 2 });
    });

    it('keeps the last of two records with one id in a call', async () => {
      await store.upsertItems([makeItem('a', { title: 'first' }), makeItem('a', { title: 'second' })]);
      expect((await store.findItems(['a']))[0]?.title).toBe('second');
      expect(await store.countItems()).toBe(1);
    });

    it('pages through all items by id in byte order, without gaps or repeats', async () => {
      const ids = ['Z', 'a', 'B', 'é', '10', '9', '\u{1F600}', 'aa'];
      await store.upsertItems(ids.map((id) => makeItem(id)));
      const seen: string[] = [];
      for (let after: string | null = null; ; ) {
        const page = await store.listItems({ after, limit: 3 });
        if (page.length === 0) break;
        seen.push(...page.map((item) => item.id));
        after = page.at(-1)?.id ?? null;
      }
      expect(seen).toEqual([...ids].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y))));
    });

    it('deletes what is there and says how many', async () => {
      await store.upsertItems([makeItem('a'), makeItem('b')]);
      expect(await store.deleteItems(['a', 'unknown'])).toBe(1);
      expect(await store.deleteItems(['a'])).toBe(0);
      expect(await store.listItems({ after: null, limit: 10 })).toHaveLength(1);
    });

    it('accepts empty calls', async () => {
      expect(await store.upsertItems([])).toEqual([]);
      expect(await store.findItems([])).toEqual([]);
      expect(await store.findHits([])).toEqual([]);
      expect(await store.deleteItems([])).toBe(0);
    });

    it('stores hostile texts as they are, in every field', async () => {
      const items = hostileTexts.map((text) =>
        makeItem(text, { title: text, body: text, payload: { [text]: text }, parts: [text] }),
      );
      await store.upsertItems(items);
      expect(await store.findItems(hostileTexts)).toEqual(items);
      expect((await store.findHits(hostileTexts)).map((hit) => hit.title)).toEqual(hostileTexts);
      expect(await store.deleteItems(hostileTexts)).toBe(hostileTexts.length);
    });

    it('refuses characters that cannot be stored, naming the field, and writes nothing', async () => {
      const faulty = [
        { item: makeItem('x', { title: 'a\0b' }), field: 'items.1.title' },
        { item: makeItem('x', { body: 'a\0b' }), field: 'items.1.body' },
        { item: makeItem('x', { payload: { deep: ['\0'] } }), field: 'items.1.payload' },
        { item: makeItem('x', { payload: { half: '\ud800' } }), field: 'items.1.payload' },
        { item: makeItem('x\0'), field: 'items.1.id' },
      ];
      for (const { item, field } of faulty)
        await expect(store.upsertItems([makeItem('fine'), item])).rejects.toMatchObject({
          code: 'INPUT_INVALID',
          field,
        });
      expect(await store.countItems()).toBe(0);
      const escaped = makeItem('fine', { payload: { text: 'a literal \\u0000 and \\\\u0000' } });
      await store.upsertItems([escaped]);
      expect(await store.findItems(['fine'])).toEqual([escaped]);
    });

    it('ends consistent when many writers replace the same items at once', async () => {
      const ids = Array.from({ length: 20 }, (_, i) => `item${i}`);
      await Promise.all(
        Array.from({ length: 8 }, (_, writer) => {
          const order = writer % 2 === 0 ? ids : [...ids].reverse();
          return store.upsertItems(order.map((id) => makeItem(id, { title: `written by ${writer}` })));
        }),
      );
      const titles = (await store.findItems(ids)).map((item) => item.title);
      expect(titles).toHaveLength(20);
      expect(new Set(titles).size).toBe(1);
    });
  });
}
