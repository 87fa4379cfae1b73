import { defaultRankingProfile, type ItemRecord } from '@embedding-studio/contracts';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeItem, toRow, toUnit } from './item-fixtures.ts';

let server: TestPostgres;
beforeAll(async () => {
  server = await startTestPostgres();
});
afterAll(() => server?.stop());

const ids = ['a', 'b', 'c', 'd', 'e'];
const dims = 4;
const sides = ['first', 'second'] as const;
type Side = (typeof sides)[number];

type Step =
  | { kind: 'write'; id: string; version: number; to: readonly Side[] }
  | { kind: 'delete'; id: string }
  | { kind: 'switch'; to: Side }
  | { kind: 'moved'; to: Side };

const anyId = fc.constantFrom(...ids);
const anySide = fc.constantFrom(...sides);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      id: anyId,
      version: fc.nat(9),
      to: fc.subarray([...sides]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), id: anyId }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('switch' as const), to: anySide }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('moved' as const), to: anySide }) },
);

const itemOf = (id: string, version: number): ItemRecord => makeItem(id, { title: `${id} ${version}` });
/** One direction per item and version: whichever is asked for is nearest to itself. */
const vectorOf = (id: string, version: number) =>
  toUnit(Float32Array.from({ length: dims }, (_, axis) => Math.sin(1 + ids.indexOf(id) * 17 + version * 5 + axis * 3)));

/** What the stores should hold, in plain maps. */
interface Model {
  items: Map<string, number>;
  vectors: Record<Side, Map<string, number>>;
  live: Side | null;
}

async function startHistory() {
  const { collections, items } = server.stores;
  const found = await items.listItems({ after: null, limit: 99 });
  await items.deleteItems(found.map(({ id }) => id));
  const make = () => collections.createCollection({ modelId: 'mdl_1', dims, ranking: defaultRankingProfile });
  const idOf = { first: (await make()).id, second: (await make()).id };
  for (const id of Object.values(idOf)) await collections.updateCollection(id, { status: 'ready' });
  const before = (await collections.findLive())?.collectionId ?? null;
  const model: Model = { items: new Map(), vectors: { first: new Map(), second: new Map() }, live: null };
  return { idOf, before, model };
}

type History = Awaited<ReturnType<typeof startHistory>>;

async function take({ idOf, before, model }: History, step: Step): Promise<void> {
  const { collections, items } = server.stores;
  const expected = model.live === null ? before : idOf[model.live];
  if (step.kind === 'write') {
    const item = itemOf(step.id, step.version);
    await items.upsertItems([item]);
    model.items.set(step.id, step.version);
    for (const side of step.to) {
      await collections.putVectors(idOf[side], [toRow(item, vectorOf(step.id, step.version))]);
      model.vectors[side].set(step.id, step.version);
    }
  } else if (step.kind === 'delete') {
    await items.deleteItems([step.id]);
    for (const side of sides) {
      await collections.deleteVectors(idOf[side], [step.id]);
      model.vectors[side].delete(step.id);
    }
    model.items.delete(step.id);
  } else if (step.kind === 'switch') {
    const moving = collections.switchLive({ expected, next: idOf[step.to] });
    if (model.live === step.to) await expect(moving).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    else await moving;
    model.live = step.to;
  } else {
    const moved = collections.switchLive({ expected: `col_${'0'.repeat(32)}`, next: idOf[step.to] });
    await expect(moved).rejects.toMatchObject({ code: 'LIVE_POINTER_MOVED' });
  }
}

async function compare({ idOf, before, model }: History): Promise<void> {
  const { collections, items } = server.stores;
  const stored = await items.listItems({ after: null, limit: 99 });
  expect(new Map(stored.map(({ id, title }) => [id, title]))).toEqual(
    new Map([...model.items].map(([id, version]) => [id, `${id} ${version}`])),
  );
  expect((await collections.findLive())?.collectionId ?? null).toBe(model.live === null ? before : idOf[model.live]);
  for (const side of sides) {
    const stale = await collections.listStaleItems(idOf[side], { after: null, limit: 99 });
    const wanted = [...model.items].filter(([id, version]) => model.vectors[side].get(id) !== version);
    expect(stale.map(({ id }) => id)).toEqual(wanted.map(([id]) => id).sort());
    const rows = await collections.getVectors(idOf[side], ids);
    expect(new Set(rows.map(({ itemId }) => itemId))).toEqual(new Set(model.vectors[side].keys()));
    for (const { itemId, vector } of rows) {
      const own = vectorOf(itemId, model.vectors[side].get(itemId) ?? 0);
      expect(Math.max(...own.map((value, axis) => Math.abs(value - (vector[axis] ?? 0))))).toBeLessThan(1e-6);
    }
  }
}

test('any history of writes, deletions, switches and rollbacks leaves what a few maps would hold', async () => {
  const histories = fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 25 }), async (steps) => {
    const history = await startHistory();
    for (const step of steps) await take(history, step);
    await compare(history);
  });
  await fc.assert(histories, { numRuns: 20, seed: 7 });
});
