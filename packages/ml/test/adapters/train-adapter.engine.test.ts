import type { AdapterTrainingSet, TrainingSettings } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { applyAdapter, identityAdapter } from '../../src/adapters/linear-adapter.ts';
import { type AdapterHost, trainAdapter } from '../../src/adapters/train-adapter.ts';
import { createSeededRandom } from '../../src/trainer/seeded-random.ts';

const dims = 16;
const items = 160;

const quiet: AdapterHost = {
  now: () => 0,
  isAborted: () => false,
  onProgress: () => undefined,
  onValidation: () => undefined,
};

function settingsOf(changes: Partial<NonNullable<TrainingSettings['adapter']>> = {}): TrainingSettings {
  return {
    loss: { kind: 'contrastive', temperature: 0.1, negativesPerQuery: 0 },
    adapter: { side: 'query', rank: 6, ridge: 1e-4, randomNegatives: 32, tenant: null, ...changes },
    trainable: { kind: 'all' },
    ...{ batchQueries: 32, accumulationSteps: 1, epochsMax: 25, stepsMax: null, secondsMax: null },
    ...{ learningRate: 0.03, warmupShare: 0.1, weightDecay: 0, gradientNormMax: 10, maxTokens: 16 },
    ...{ seed: 1, threads: 1, checkpointEverySteps: 100 },
  };
}

function unitRows(count: number, random: () => number): Float32Array {
  const rows = Float32Array.from({ length: count * dims }, random);
  for (let start = 0; start < rows.length; start += dims) scale(rows.subarray(start, start + dims));
  return rows;
}

function scale(row: Float32Array): void {
  const length = Math.hypot(...row);
  row.forEach((value, at) => {
    row[at] = value / length;
  });
}

/** Users of this world mean the item that the first two thirds of the axes, mirrored, point to. */
function mirroredWorld(): AdapterTrainingSet {
  const random = createSeededRandom(7);
  const values = unitRows(items, () => random.normal());
  const queries = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += dims) {
    for (let column = 0; column < dims; column++)
      queries[start + column] = (column < 6 ? -1 : 1) * (values[start + column] as number) + 0.1 * random.normal();
    scale(queries.subarray(start, start + dims));
  }
  const examples = Array.from({ length: items }, (_, at) => ({
    query: at,
    clicked: [{ item: at, weight: 1 }],
    skipped: [(at + 1) % items],
  }));
  return { dims, queries, items: values, examples };
}

/** Share of the queries whose own item is the nearest one. */
function hitShare(queries: Float32Array, values: Float32Array, from: number): number {
  let hits = 0;
  const cosine = (query: number, item: number) =>
    queries
      .subarray(query * dims, (query + 1) * dims)
      .reduce((sum, value, column) => sum + value * (values[item * dims + column] as number), 0);
  for (let query = from; query < items; query++) {
    const own = cosine(query, query);
    if (Array.from({ length: items }, (_, item) => cosine(query, item)).every((other) => other <= own)) hits++;
  }
  return hits / (items - from);
}

test('a linear map between queries and items is found, also for items that training never saw clicked', async () => {
  const world = mirroredWorld();
  const seen = { ...world, examples: world.examples.slice(0, 120) };
  const { adapter, report } = await trainAdapter({ set: seen, settings: settingsOf() }, quiet);
  expect(hitShare(world.queries, world.items, 120)).toBeLessThan(0.3);
  expect(hitShare(applyAdapter(adapter, world.queries), world.items, 120)).toBeGreaterThan(0.6);
  expect(report.executionProvider).toMatch(/^tfjs/);
});

test('a strong ridge leaves every query where it was', async () => {
  const world = mirroredWorld();
  const { adapter } = await trainAdapter({ set: world, settings: settingsOf({ ridge: 1e4 }) }, quiet);
  const moved = applyAdapter(adapter, world.queries);
  const drift = moved.reduce((most, value, at) => Math.max(most, Math.abs(value - (world.queries[at] as number))), 0);
  expect(drift).toBeLessThan(0.05);
});

test('an adapter on both sides brings together what only queries moved did not', async () => {
  const world = mirroredWorld();
  const { adapter } = await trainAdapter({ set: world, settings: settingsOf({ side: 'both' }) }, quiet);
  const before = hitShare(world.queries, world.items, 0);
  const after = hitShare(applyAdapter(adapter, world.queries), applyAdapter(adapter, world.items), 0);
  expect(after).toBeGreaterThan(before + 0.2);
});

test('the same seed gives the same bytes, another seed another adapter', async () => {
  const set = mirroredWorld();
  const train = (seed: number) =>
    trainAdapter({ set, settings: { ...settingsOf(), seed, epochsMax: 3 } }, quiet).then(({ adapter }) => adapter);
  const [first, again, other] = [await train(1), await train(1), await train(2)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
});

test('an abort ends training with ABORTED', async () => {
  let steps = 0;
  const host = { ...quiet, isAborted: () => steps > 2, onProgress: () => void steps++ };
  await expect(trainAdapter({ set: mirroredWorld(), settings: settingsOf() }, host)).rejects.toMatchObject({
    code: 'ABORTED',
  });
});

test('a budget in seconds ends training', async () => {
  let now = 0;
  const host = { ...quiet, now: () => (now += 400) };
  const { report } = await trainAdapter({ set: mirroredWorld(), settings: { ...settingsOf(), secondsMax: 2 } }, host);
  expect(report).toMatchObject({ stoppedBy: 'seconds' });
  expect(report.steps).toBeLessThan(10);
});

test('the identity adapter leaves unit vectors as they are', () => {
  const { items: values } = mirroredWorld();
  const moved = applyAdapter(identityAdapter(dims), values);
  moved.forEach((value, at) => {
    expect(value).toBeCloseTo(values[at] as number, 6);
  });
});
