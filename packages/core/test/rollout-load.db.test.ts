import { requestUpsertion, rollBack, searchItems } from '@embedding-studio/core';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getTunedRollout, openShop, requestTuning, world } from './rollout-world.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await openShop();
});
afterAll(() => studio?.close());

const query = world.sessions[0]?.query ?? '';
const searchers = 6;

/** Searches without pause until it is told to end; says which collections answered, and with which lists. */
function searchOn(): { end(): Promise<{ lists: Map<string, Set<string>>; searches: number; failures: unknown[] }> } {
  const lists = new Map<string, Set<string>>();
  const failures: unknown[] = [];
  let searches = 0;
  let isOver = false;
  const work = Array.from({ length: searchers }, async () => {
    while (!isOver) {
      searches += 1;
      await searchItems({ ctx: studio.ctx, input: { query, limit: 5 } }).then(
        ({ collectionId, hits, degraded }) => {
          const list = hits.map(({ itemId }) => itemId).join(' ');
          lists.set(collectionId, (lists.get(collectionId) ?? new Set()).add(list));
          if (hits.length !== 5 || degraded.length > 0) failures.push({ list, degraded });
        },
        (error) => failures.push(error),
      );
    }
  });
  return {
    async end() {
      isOver = true;
      await Promise.all(work);
      return { lists, searches, failures };
    },
  };
}

test('a rollout, its rollback and the way forward fail no search and mix no spaces, and lose no write made meanwhile', async () => {
  const searching = searchOn();
  const added: string[] = [];
  const add = async () => {
    const id = `late-${added.length}`;
    added.push(id);
    await requestUpsertion({ ctx: studio.ctx, input: { id: `of ${id}`, items: [{ id, title: 'comes late' }] } });
  };
  const result = await requestTuning(studio);
  const draining = drainTasks(studio.deps);
  for (let round = 0; round < 10; round += 1) {
    await add();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await draining;
  await drainTasks(studio.deps);
  expect((await getTunedRollout(studio, result)).state).toBe('live');
  await rollBack({ ctx: studio.ctx, input: {} });
  await add();
  await drainTasks(studio.deps);
  await rollBack({ ctx: studio.ctx, input: {} });
  const { lists, searches, failures } = await searching.end();
  expect(failures).toEqual([]);
  expect(searches).toBeGreaterThan(searchers);
  // A vector of one model among those of the other would give a third list.
  expect([...lists.values()].map(({ size }) => size)).toEqual([1, 1]);
  const { collections } = studio.deps;
  for (const { id } of await collections.listWriteTargets()) {
    const rows = await collections.getVectors(id, added);
    expect(new Set(rows.map(({ itemId }) => itemId))).toEqual(new Set(added));
  }
});
