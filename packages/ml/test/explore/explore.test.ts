import {
  type ExploreInput,
  epsilonMax,
  explore,
  type ItemCounts,
  moveItem,
  placeFloor,
  scoreCandidate,
} from '@embedding-studio/ml/explore';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `i${index + 1}`);
const base: Omit<ExploreInput, 'seed'> = {
  ...{ ranked: ids(40), pageSize: 10, epsilon: epsilonMax, placeMin: placeFloor, countsOf: () => undefined },
};

describe('explored pages', () => {
  it('keep the first three, show every item once, and move the others down by one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.string(),
        (length, pageSize, seed) => {
          const ranked = ids(length);
          const found = explore({ ...base, ranked, pageSize, seed });
          if (found === null) return;
          expect(ranked.indexOf(found.itemId)).toBeGreaterThanOrEqual(pageSize);
          expect(found.place).toBeGreaterThanOrEqual(4);
          expect(found.place).toBeLessThanOrEqual(pageSize);
          const moved = moveItem(
            ranked.map((itemId) => ({ itemId })),
            found,
          ).map(({ itemId }) => itemId);
          expect(moved[found.place - 1]).toBe(found.itemId);
          expect(moved.slice(0, found.place - 1)).toEqual(ranked.slice(0, found.place - 1));
          expect(moved.filter((itemId) => itemId !== found.itemId)).toEqual(
            ranked.filter((itemId) => itemId !== found.itemId),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('never explore with ε = 0, without a place below the third, or without anything behind the page', () => {
    for (let seed = 0; seed < 500; seed++) {
      expect(explore({ ...base, epsilon: 0, seed: `s${seed}` })).toBeNull();
      expect(explore({ ...base, pageSize: 3, seed: `s${seed}` })).toBeNull();
      expect(explore({ ...base, ranked: ids(10), seed: `s${seed}` })).toBeNull();
    }
  });

  it('refuse more than a twentieth of all searches and the first three places', () => {
    expect(() => explore({ ...base, epsilon: 0.06, seed: 's' })).toThrow(/epsilon/);
    expect(() => explore({ ...base, placeMin: 3, seed: 's' })).toThrow(/placeMin/);
  });

  it('leave the list alone where the item is gone', () => {
    const list = [{ itemId: 'a' }, { itemId: 'b' }];
    expect(moveItem(list, { itemId: 'z', place: 1 })).toBe(list);
  });
});

describe('propensities', () => {
  const counts = new Map<string, ItemCounts>([
    ['i11', { impressions: 400, clicks: 1 }],
    ['i12', { impressions: 400, clicks: 120 }],
  ]);
  const input = { ...base, ranked: ids(15), pageSize: 6, countsOf: (itemId: string) => counts.get(itemId) };
  const searches = 60_000;
  const seen = new Map<string, { count: number; propensity: number }>();
  for (let search = 0; search < searches; search++) {
    const found = explore({ ...input, seed: `session-${search}` });
    if (found === null) continue;
    const key = `${found.itemId} ${found.place}`;
    const entry = seen.get(key) ?? { count: 0, propensity: found.propensity };
    expect(found.propensity).toBe(entry.propensity);
    seen.set(key, { ...entry, count: entry.count + 1 });
  }

  it('are how often that item is put in that place, within five standard errors of the binomial', () => {
    expect(seen.size).toBe(9 * 3);
    for (const { count, propensity } of seen.values())
      expect(Math.abs(count - searches * propensity)).toBeLessThan(5 * Math.sqrt(searches * propensity));
  });

  it('sum to ε over all items and places', () => {
    const sum = [...seen.values()].reduce((total, { propensity }) => total + propensity, 0);
    expect(sum).toBeCloseTo(epsilonMax, 12);
  });

  it('are highest for the good and the unknown, lowest for what was seen often in vain', () => {
    const at = (itemId: string) => seen.get(`${itemId} 4`)?.propensity ?? 0;
    expect(at('i11')).toBeLessThan(at('i13') / 10);
    expect(at('i12')).toBeGreaterThan(at('i13'));
    expect(scoreCandidate()).toBe(scoreCandidate({ impressions: 0, clicks: 0 }));
    expect(scoreCandidate({ impressions: 30, clicks: 0 })).toBeLessThan(scoreCandidate({ impressions: 3, clicks: 0 }));
  });
});

it('every fresh item is seen: known ones make way for it as their counts grow', () => {
  const fresh = new Set(['i22', 'i30', 'i37']);
  const counts = new Map(ids(40).map((itemId) => [itemId, { impressions: 300, clicks: 3 }]));
  for (const itemId of fresh) counts.delete(itemId);
  let [searches, explored, freshShown] = [0, 0, 0];
  const waiting = new Set(fresh);
  for (; waiting.size > 0 && searches < 20_000; searches++) {
    const found = explore({ ...base, countsOf: (itemId) => counts.get(itemId), seed: `visit-${searches}` });
    if (found === null) continue;
    explored++;
    if (fresh.has(found.itemId)) freshShown++;
    waiting.delete(found.itemId);
    const { impressions = 0, clicks = 0 } = counts.get(found.itemId) ?? {};
    counts.set(found.itemId, { impressions: impressions + 1, clicks });
  }
  expect(waiting.size).toBe(0);
  // 3 of 30 candidates take more than a third of the explored places while they are unknown.
  expect(freshShown / explored).toBeGreaterThan(0.3);
  expect(explored / searches).toBeLessThanOrEqual(0.08);
});
