import { describe, expect, it } from 'vitest';
import {
  addScaled,
  applyItemDelta,
  computeItemDelta,
  deltaLimits,
  dot,
  type Evidence,
  type ItemDelta,
  learnCentroids,
  normOf,
  personaliseVector,
  toUnit,
  weighUsers,
} from '../../src/improvement/index.ts';
import { adjustLikeReference } from './reference-adjuster.ts';
import { makeTopicWorld } from './topic-world.ts';

const trials = Array.from({ length: 10 }, (_, trial) => trial + 1);
const cosine = (left: Float32Array, right: Float32Array) => dot(left, right) / (normOf(left) * normOf(right));

/** Share of the topic's ten items among the ten nearest, over queries that were never clicked on. */
function topicRecall(
  items: readonly Float32Array[],
  others: readonly Float32Array[],
  queries: readonly Float32Array[],
) {
  const found = queries.map((query) => {
    const rest = others.map((item) => cosine(query, item)).sort((left, right) => right - left);
    const own = items.map((item) => cosine(query, item));
    return own.filter(
      (value) => own.filter((other) => other > value).length + rest.filter((other) => other > value).length < 10,
    ).length;
  });
  return found.reduce((sum, count) => sum + count, 0) / (10 * queries.length);
}

const rankOf = (query: Float32Array, items: readonly Float32Array[], at: number) =>
  1 + items.filter((item) => cosine(query, item) > cosine(query, items[at] ?? item)).length;
const served = (item: Float32Array, delta: ItemDelta | null) =>
  delta === null ? item : addScaled(delta.shift, item, delta.keep);
const one = (query: Float32Array, more: Partial<Evidence> = {}): Evidence => ({
  ...{ user: 'ann', query, weight: 0.5, ageDays: 0 },
  ...more,
});
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('one click', () => {
  it('in the reference’s update ruins the topic for everybody else', () => {
    const recalls = trials.map((seed) => {
      const { topicItems, others, queries } = makeTopicWorld(seed);
      const [asked = new Float32Array(), ...later] = queries;
      expect(topicRecall(topicItems, others, later)).toBe(1);
      return topicRecall(adjustLikeReference(asked, topicItems, 4), others, later);
    });
    expect(mean(recalls)).toBeLessThan(0.2);
  });

  it('here keeps the topic whole and puts the item first for the one who clicked', () => {
    const first: boolean[] = [];
    for (const seed of trials) {
      const { topicItems, others, queries } = makeTopicWorld(seed);
      const [asked = new Float32Array(), ...later] = queries;
      const clicked = topicItems[4] ?? new Float32Array();
      const moved = topicItems.map((item, at) =>
        at === 4 ? served(item, computeItemDelta([item], [one(asked)])) : item,
      );
      expect(topicRecall(moved, others, later)).toBe(1);
      expect(rankOf(asked, moved, 4)).toBeLessThanOrEqual(rankOf(asked, topicItems, 4));
      const centroids = learnCentroids([{ vector: clicked, weight: 0.5 }], new Float32Array(clicked.length));
      const personal = later.map((query) => personaliseVector(query, centroids).vector);
      expect(topicRecall(moved, others, personal)).toBe(1);
      first.push(rankOf(personaliseVector(asked, centroids).vector, moved, 4) === 1);
    }
    expect(first.filter(Boolean).length).toBeGreaterThanOrEqual(9);
  });

  it('of each of sixty people puts the item first for all, and the topic stays whole', () => {
    for (const seed of trials.slice(0, 3)) {
      const { topicItems, others, queries } = makeTopicWorld(seed);
      const [asked = new Float32Array(), ...later] = queries;
      const evidence = Array.from({ length: 60 }, (_, user) => one(asked, { user: `user-${user}` }));
      const moved = topicItems.map((item, at) => (at === 4 ? served(item, computeItemDelta([item], evidence)) : item));
      expect(rankOf(asked, moved, 4)).toBe(1);
      expect(topicRecall(moved, others, later)).toBe(1);
    }
  });
});

describe('the delta of an item', () => {
  const { topicItems, queries, others } = makeTopicWorld(1);
  const [item = new Float32Array()] = topicItems;
  const [query = new Float32Array()] = queries;
  const [far = new Float32Array(), elsewhere = new Float32Array()] = others;
  const crowd = (count: number, asked: Float32Array, weight = 1) =>
    Array.from({ length: count }, (_, user) => one(asked, { user: `user-${user}`, weight }));

  it('never leaves the trust region, whatever clicks say', () => {
    for (const asked of [query, far, item.map((value) => -value)]) {
      const delta = computeItemDelta([item], crowd(5_000, asked, 5));
      expect(cosine(item, served(item, delta))).toBeGreaterThanOrEqual(deltaLimits.cosineMin - 1e-6);
    }
  });

  it('gives the cosine that the moved vector has', () => {
    for (const count of [1, 30, 3_000]) {
      const delta = computeItemDelta([item], [...crowd(count, query), ...crowd(40, elsewhere, -0.5)]);
      if (delta === null) throw new TypeError('no delta');
      const direct = cosine(query, served(item, delta));
      expect(applyItemDelta(cosine(query, item), dot(query, delta.shift), delta)).toBeCloseTo(direct, 6);
    }
  });

  it('grows with the number of people, and a single one counts for no more than one click', () => {
    const gain = (evidence: Evidence[]) => cosine(query, served(item, computeItemDelta([item], evidence)));
    expect(gain(crowd(40, query))).toBeGreaterThan(gain(crowd(10, query)));
    const single = gain([one(query, { weight: 1 })]);
    expect(gain(Array.from({ length: 10_000 }, () => one(query, { weight: 5 })))).toBeCloseTo(single, 6);
  });

  it('is turned by one user at most by a twentieth, however often they click', () => {
    const honest = crowd(100, query);
    const attack = Array.from({ length: 10_000 }, () => one(far, { user: 'eve', weight: 5 }));
    const { sum } = weighUsers([...honest, ...attack]) ?? { sum: far };
    const shareOfEve = dot(sum, far) / (dot(sum, far) + dot(sum, query));
    expect(shareOfEve).toBeLessThan(1 / 20 + 0.01);
  });

  it('fades with a half-life of thirty days', () => {
    const weight = (ageDays: number) => weighUsers([one(query, { ageDays, weight: 1 })])?.usersEffective ?? 0;
    expect(weight(30) / weight(0)).toBeCloseTo(0.5, 9);
    expect(weight(-5)).toBe(weight(0));
  });

  it('moves away from what passed it over only with enough people, and never from those who want it', () => {
    const wanted = crowd(40, query);
    const passed = (count: number) =>
      crowd(count, elsewhere, -0.5).map((e) => ({ ...e, user: `p-${e.user}`, weight: -1 }));
    const before = cosine(elsewhere, served(item, computeItemDelta([item], wanted)));
    const few = cosine(elsewhere, served(item, computeItemDelta([item], [...wanted, ...passed(19)])));
    const many = computeItemDelta([item], [...wanted, ...passed(40)]);
    expect(few).toBe(before);
    expect(cosine(elsewhere, served(item, many))).toBeLessThan(before);
    expect(cosine(query, served(item, many))).toBeGreaterThanOrEqual(cosine(query, item));
    expect(computeItemDelta([item], passed(500))).toBeNull();
  });

  it('does not depend on the order of the evidence', () => {
    const evidence = [...crowd(7, query), ...crowd(5, far), one(elsewhere, { user: 'x', weight: 2, ageDays: 9 })];
    const [there, back] = [computeItemDelta([item], evidence), computeItemDelta([item], [...evidence].reverse())];
    expect(there?.keep).toBeCloseTo(back?.keep ?? 0, 9);
    expect(cosine(there?.shift ?? item, back?.shift ?? far)).toBeCloseTo(1, 9);
  });
});

describe('personalisation', () => {
  const { topicItems, others, queries } = makeTopicWorld(2);
  const origin = new Float32Array(384);
  const click = (vector: Float32Array, weight = 1) => ({ vector, weight });

  it('moves queries near an interest and leaves all others alone', () => {
    const centroids = learnCentroids(
      topicItems.slice(0, 3).map((item) => click(item)),
      origin,
    );
    const [near = origin] = queries;
    expect(personaliseVector(near, centroids).gate).toBeGreaterThan(0.5);
    const moved = others.map((query) => cosine(query, personaliseVector(query, centroids).vector));
    expect(Math.min(...moved)).toBeGreaterThan(0.995);
    expect(cosine(near, personaliseVector(near, centroids).vector)).toBeGreaterThan(0.97);
  });

  it('keeps several interests apart, four at most', () => {
    expect(learnCentroids([click(topicItems[0] ?? origin), click(others[0] ?? origin)], origin)).toHaveLength(2);
    expect(
      learnCentroids(
        topicItems.map((item) => click(item)),
        origin,
      ),
    ).toHaveLength(1);
    const many = learnCentroids(
      others.slice(0, 50).map((item) => click(item)),
      origin,
    );
    expect(many).toHaveLength(4);
    for (const { vector } of many) expect(normOf(vector)).toBeCloseTo(1, 5);
  });

  it('changes nothing for a user without clicks, or with clicks on what is like everything', () => {
    const [query = origin] = queries;
    expect(personaliseVector(query, [])).toEqual({ vector: query, gate: 0 });
    const centre = toUnit(query) ?? query;
    expect(learnCentroids([click(centre)], centre)).toEqual([]);
  });
});
