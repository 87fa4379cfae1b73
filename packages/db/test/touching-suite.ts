import type { AnalyticsStore, FactsQuery, SessionFacts, TouchedItems } from '@embedding-studio/contracts';
import { describe, expect, it } from 'vitest';

const hourMs = 3_600_000;
const start = Date.UTC(2026, 4, 1);

export function makeFacts(hour: number, number: number, items: Partial<SessionFacts> = {}): SessionFacts {
  return {
    ...{ sessionId: `h${hour}-${String(number).padStart(4, '0')}`, at: new Date(start + hour * hourMs + number * 500) },
    ...{ text: 'red', query: number % 2 === 0 ? 'red' : 'blue', userId: `u${number % 7}`, traitsKey: `t${number % 3}` },
    ...{ shown: 0, eventCount: 0, clicks: 0, firstPosition: null, bestPosition: null, positionSum: 0, positioned: 0 },
    ...{ dwellSeconds: null, satisfiedMs: null, slices: [], tookMs: null, sequence: hour * 10_000 + number },
    ...{ shownIds: [], clickedIds: [], experiments: [], ...items },
  };
}

const everything: FactsQuery = {
  ...{ traitsKeys: null, expected: null, from: null, to: null, userId: null, queryPrefix: null, items: null },
};

/** Hours with some thousand sessions each: more than one document holds. */
async function fill(store: AnalyticsStore): Promise<SessionFacts[]> {
  const all: SessionFacts[] = [];
  for (const [hour, count] of [4_100, 3, 2_050].entries()) {
    const facts = Array.from({ length: count }, (_, number) => {
      const shownIds = [0, 1, 2].map((at) => `item-${(number * 7_919 + at * 104_729 + hour) % 900}`);
      return makeFacts(hour, number, { shownIds, clickedIds: number % 10 === 0 ? shownIds.slice(0, 1) : [] });
    });
    await store.putFacts(facts);
    await store.putTouches(new Date(start + hour * hourMs), facts);
    all.push(...facts);
  }
  return all.reverse();
}

async function readAll(store: AnalyticsStore, query: Partial<FactsQuery>, limit: number): Promise<string[]> {
  const found: SessionFacts[] = [];
  for (;;) {
    const rows = await store.listFacts({ ...everything, ...query, after: found.at(-1) ?? null, limit });
    found.push(...rows);
    if (rows.length < limit) return found.map(({ sessionId }) => sessionId);
  }
}

export function testTouching(open: () => Promise<AnalyticsStore>): void {
  describe('sessions by the items they touched', () => {
    it('are found page by page as looking at all of them finds them, with every other condition', async () => {
      const store = await open();
      const all = await fill(store);
      const touching = ({ itemIds, touch }: TouchedItems, extra: (facts: SessionFacts) => boolean = () => true) =>
        all
          .filter((facts) =>
            (touch === 'clicked' ? facts.clickedIds : facts.shownIds).some((itemId) => itemIds.includes(itemId)),
          )
          .filter(extra)
          .map(({ sessionId }) => sessionId);
      const one: TouchedItems = { itemIds: ['item-7'], touch: 'shown' };
      const many: TouchedItems = {
        itemIds: Array.from({ length: 300 }, (_, at) => `item-${at * 3}`),
        touch: 'clicked',
      };
      expect(touching(one).length).toBeGreaterThan(5);
      expect(await readAll(store, { items: one }, 3)).toEqual(touching(one));
      expect(await readAll(store, { items: many }, 50)).toEqual(touching(many));
      expect(await readAll(store, { items: many, userId: 'u3' }, 4)).toEqual(
        touching(many, ({ userId }) => userId === 'u3'),
      );
      expect(await readAll(store, { items: many, queryPrefix: 'bl', traitsKeys: ['t1', 't2'] }, 9)).toEqual(
        touching(many, ({ query, traitsKey }) => query === 'blue' && traitsKey !== 't0'),
      );
      const rare = { traitsKeys: ['t1'], expected: { matching: 100, total: 1_000_000 } };
      expect(await readAll(store, { items: one, ...rare }, 2)).toEqual(
        touching(one, ({ traitsKey }) => traitsKey === 't1'),
      );
      const hours = { from: new Date(start + hourMs), to: new Date(start + 2 * hourMs) };
      expect(await readAll(store, { items: { ...one, itemIds: all.flatMap((f) => f.shownIds) }, ...hours }, 2)).toEqual(
        ['h1-0002', 'h1-0001', 'h1-0000'],
      );
      expect(await readAll(store, { items: { itemIds: ['never', '__proto__'], touch: 'shown' } }, 5)).toEqual([]);
    });

    it('are counted by traits, up to a limit of sessions and hours', async () => {
      const store = await open();
      const all = await fill(store);
      const items: TouchedItems = { itemIds: ['item-1', 'item-2'], touch: 'shown' };
      const matching = all.filter(({ shownIds }) => shownIds.some((itemId) => items.itemIds.includes(itemId)));
      const { counts, isAll } = await store.countTraits({ ...everything, items }, { sessions: 10_000, hours: 3 });
      expect(isAll).toBe(true);
      expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(matching.length);
      expect(counts.get('t2')).toBe(matching.filter(({ traitsKey }) => traitsKey === 't2').length);
      const some = await store.countTraits({ ...everything, items }, { sessions: 4, hours: 3 });
      expect(some.isAll).toBe(false);
      expect([...some.counts.values()].reduce((sum, count) => sum + count, 0)).toBe(4);
      const newest = await store.countTraits({ ...everything, items }, { sessions: 10_000, hours: 2 });
      expect(newest.isAll).toBe(false);
      const ofTwoHours = matching.filter(({ sessionId }) => !sessionId.startsWith('h0-'));
      expect([...newest.counts.values()].reduce((sum, count) => sum + count, 0)).toBe(ofTwoHours.length);
      const until = { ...everything, items, to: new Date(start + 2 * hourMs) };
      expect((await store.countTraits(until, { sessions: 10_000, hours: 2 })).isAll).toBe(true);
    });

    it('are those of the last writing of an hour, also when it has fewer', async () => {
      const store = await open();
      await fill(store);
      const items: TouchedItems = { itemIds: ['item-9', 'new'], touch: 'shown' };
      const facts = [makeFacts(0, 0, { shownIds: ['new'] })];
      await store.putTouches(new Date(start), facts);
      await store.putTouches(new Date(start + hourMs), []);
      await store.putTouches(new Date(start + 2 * hourMs), []);
      expect(await readAll(store, { items }, 5)).toEqual(['h0-0000']);
      await store.clear();
      expect(await readAll(store, { items }, 5)).toEqual([]);
    });
  });

  it('sessions of an experiment are visited within a time, also those that were written again', async () => {
    const store = await open();
    const inOne = { experimentId: 'one', arm: 'a', unit: 'u1' };
    const inTwo = { experimentId: 'two', arm: 'b', unit: 'u1', teams: 'AB', clicks: [{ position: 2, weight: 1.5 }] };
    const rows = [[inOne], [inOne, inTwo], [], [inTwo]].map((experiments, number) =>
      makeFacts(5, number, { experiments, shownIds: ['x'] }),
    );
    await store.putFacts(rows);
    await store.putFacts(rows.slice(3).map((facts) => ({ ...facts, clicks: 7, experiments: [] })));
    const range = { from: new Date(start + 5 * hourMs), to: new Date(start + 5 * hourMs + 1_500) };
    const visited = async (read: (visit: (facts: object) => void) => Promise<void>) => {
      const seen: object[] = [];
      await read((facts) => seen.push(facts));
      return seen;
    };
    const { shownIds: _shown, clickedIds: _clicked, ...second } = makeFacts(5, 1, { experiments: [inOne, inTwo] });
    expect(await visited((visit) => store.visitExperiment('two', range, visit))).toEqual([second]);
    expect(await visited((visit) => store.visitExperiment('one', range, visit))).toHaveLength(2);
    expect(await visited((visit) => store.visitExperiment('none', range, visit))).toEqual([]);
    expect(await visited((visit) => store.visitRange(range, visit))).toHaveLength(3);
  });
}
