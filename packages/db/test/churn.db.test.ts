import { defaultRankingProfile } from '@embedding-studio/contracts';
import { createPool } from '@embedding-studio/db/postgres';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeClusteredVectors, makeItem, toRow } from './item-fixtures.ts';

let server: TestPostgres;
let pool: ReturnType<typeof createPool>;
beforeAll(async () => {
  server = await startTestPostgres();
  pool = createPool({ url: server.url, poolMax: 1, statementTimeoutMs: 60_000 });
});
afterAll(async () => {
  await pool?.end();
  await server?.stop();
});

const count = 2_000;
const dims = 32;
const limit = 10;

test('recall stays and no query comes back short while a third of the rows change and the table is vacuumed', async () => {
  const { collections, items } = server.stores;
  const { id } = await collections.createCollection({ modelId: 'mdl_1', dims, ranking: defaultRankingProfile });
  const records = Array.from({ length: count }, (_, i) => makeItem(`i${i}`));
  const draw = (seed: number) => makeClusteredVectors({ count, dims, clusters: 40, seed });
  const [vectors, others, questions] = [draw(1), draw(2), draw(3).slice(0, 60)];
  const rowsOf = (from: readonly Float32Array[], take: (i: number) => boolean) =>
    records.flatMap((record, i) => (take(i) ? [toRow(record, from[i] ?? new Float32Array(dims))] : []));
  await items.upsertItems(records);
  await collections.putVectors(
    id,
    rowsOf(vectors, () => true),
  );
  await collections.buildIndex(id, { m: 16, efConstruction: 64 });
  const find = async (vector: Float32Array, exact: boolean) => {
    const found = await collections.findNearest({ collectionId: id, vector, limit, efSearch: 100, exact });
    return found.map(({ itemId }) => itemId);
  };
  let isOver = false;
  const churn = (async () => {
    for (let part = 0; part < 6; part += 1) {
      await collections.putVectors(
        id,
        rowsOf(others, (i) => i % 20 === part),
      );
      await pool.query(`VACUUM "vectors_${id}"`);
    }
    isOver = true;
  })();
  const short: number[] = [];
  for (let at = 0; !isOver || at < questions.length; at += 1) {
    const found = await find(questions[at % questions.length] ?? new Float32Array(dims), false);
    if (found.length < limit) short.push(found.length);
  }
  await churn;
  expect(short).toEqual([]);
  let kept = 0;
  for (const vector of questions) {
    const [near, exact] = [await find(vector, false), new Set(await find(vector, true))];
    kept += near.filter((itemId) => exact.has(itemId)).length;
  }
  expect(kept / (questions.length * limit)).toBeGreaterThanOrEqual(0.93);
});
