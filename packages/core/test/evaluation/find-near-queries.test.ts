import type { SessionWithEvents } from '@embedding-studio/contracts';
import { createRandom } from '@embedding-studio/ml/ranking';
import { expect, it } from 'vitest';
import { findNearQueries, groupQueries, type NearNames, splitSessions } from '../../src/evaluation/index.ts';

const unit = (values: number[]): Float32Array => {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
};
const cosineOf = (left: Float32Array, right: Float32Array) =>
  left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0);

/** Around every centre a few vectors, some as near as .99, some as far as .8. */
function drawVectors(options: { centres: number; dims: number; seed: number }): Float32Array[] {
  const random = createRandom(options.seed);
  const draw = () => Array.from({ length: options.dims }, () => random() - 0.5);
  return Array.from({ length: options.centres }, draw).flatMap((centre) =>
    Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
      const spread = 0.1 + random() * 0.6;
      return unit(centre.map((value) => value + spread * (random() - 0.5)));
    }),
  );
}

/** Said anew: walks from query to query over every pair. */
function walk(vectors: readonly Float32Array[], cosine: number): number[][] {
  const seen = new Set<number>();
  const groups: number[][] = [];
  for (const [start] of vectors.entries()) {
    if (seen.has(start)) continue;
    const group = [start];
    seen.add(start);
    for (const at of group)
      for (const [other, vector] of vectors.entries())
        if (!seen.has(other) && cosineOf(vectors[at] as Float32Array, vector) > cosine) {
          seen.add(other);
          group.push(other);
        }
    if (group.length > 1) groups.push(group.sort((a, b) => a - b));
  }
  return groups;
}

it.each([{ dims: 24 }, { dims: 48 }, { dims: 130 }])(
  'finds every pair above the threshold, in $dims numbers too',
  async ({ dims }) => {
    for (const seed of [1, 2, 3]) {
      const vectors = drawVectors({ centres: 60, dims, seed });
      const near = await findNearQueries(vectors);
      expect(near.cosine).toBe(0.95);
      expect(near.groups.length).toBeGreaterThan(5);
      expect(near.groups).toEqual(walk(vectors, 0.95));
    }
  },
);

it('takes a higher threshold where a lower one would run the queries together, and none where all would', async () => {
  // Each vector has this cosine with the one before, and turns into a direction of its own.
  const chain = (cosine: number) => {
    const steps = [unit([1, ...new Array(60).fill(0)])];
    for (let at = 1; at <= 60; at += 1)
      steps.push(
        unit(
          [...(steps.at(-1) ?? [])].map(
            (value, axis) => cosine * value + (axis === at ? Math.sqrt(1 - cosine ** 2) : 0),
          ),
        ),
      );
    return steps;
  };
  expect((await findNearQueries(chain(0.96))).cosine).toBe(0.97);
  expect(await findNearQueries(chain(0.999))).toEqual({ cosine: null, groups: [] });
});

const session = (sessionId: string, query: string): SessionWithEvents => ({
  ...{ sessionId, query, shown: [{ itemId: sessionId }], createdAt: new Date(0), isIrrelevant: false },
  ...{ batchId: 'b', sessionNumber: 1, events: [] },
});

it('no held-out query has a cosine above the threshold with one that trains: for any split', async () => {
  const vectors = drawVectors({ centres: 80, dims: 64, seed: 9 });
  const texts = vectors.map((_, at) => `${(at * 7919 + 104_729).toString(36)} ${(at * 104_729).toString(36)}`);
  const { groups } = await findNearQueries(vectors);
  const near: NearNames = new Map(
    groups.flatMap((group, at) => group.map((place) => [texts[place] ?? '', at] as const)),
  );
  const sessions = texts.map((text, at) => session(`${at}`, text));
  const pairs = (seed: number, names?: NearNames) => {
    const split = splitSessions(sessions, { heldOutShare: 0.3, unseenItemShare: 0, seed, near: names });
    const asked = [...split.heldOut, ...split.heldOutUnseen];
    expect(asked.length).toBeGreaterThan(10);
    const vectorOf = ({ sessionId }: SessionWithEvents) => vectors[Number(sessionId)] as Float32Array;
    return asked.flatMap((one) => split.train.filter((other) => cosineOf(vectorOf(one), vectorOf(other)) > 0.95))
      .length;
  };
  for (let seed = 1; seed <= 10; seed += 1) expect(pairs(seed, near)).toBe(0);
  // Without it there are some: the test can tell.
  expect(pairs(1)).toBeGreaterThan(0);
});

it('a name joins what spelling keeps apart, and leaves the rest alone', () => {
  const near: NearNames = new Map([
    ['couch', 0],
    ['sofa', 0],
  ]);
  const [couch, sofa, chair] = groupQueries(['Couch!', 'sofa', 'chair'], near);
  expect(sofa).toBe(couch);
  expect(chair).not.toBe(couch);
});
