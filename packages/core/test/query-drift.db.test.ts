import { checkCollection, importSessions, refreshAnalytics } from '@embedding-studio/core';
import type { TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, world } from './rollout-world.ts';

let studio: TestStudio;
let collectionId: string;
beforeAll(async () => {
  studio = await openShop();
  collectionId = (await studio.deps.collections.findLive())?.collectionId ?? '';
  await countSessions();
  studio.passSeconds(3_600);
});
afterAll(() => studio?.close());

async function countSessions(): Promise<void> {
  while ((await refreshAnalytics({ ctx: studio.ctx, input: { owner: 'test' } }))?.isCaughtUp !== true);
}

/** As people who come after the index was made. */
async function ask(name: string, queries: readonly string[]): Promise<void> {
  const createdAt = studio.deps.clock.now();
  const shown = [{ itemId: world.items[0]?.id ?? '' }];
  const sessions = queries.map((query, at) => ({ sessionId: `${name}-${at}`, query, shown, createdAt }));
  await importSessions({ ctx: studio.ctx, input: { sessions } });
  await countSessions();
}

const check = () => checkCollection({ ctx: studio.ctx, input: { collectionId, queries: 5 } });
const known = world.sessions.map(({ query }) => query);

test('what people ask now is held against what they asked before the index was made', async () => {
  expect((await check()).drift).toBeNull();

  await ask(
    'same',
    known.filter((_, at) => at % 2 === 0),
  );
  const calm = await check();
  expect(calm.drift).toMatchObject({ before: 160, recent: 80 });
  expect(calm.drift?.lower).toBeLessThan(0.55);
  expect(calm.advice.join()).not.toContain('ask for other things');

  // A week later nobody asks for any of it.
  studio.passSeconds(8 * 24 * 3_600);
  await ask(
    'other',
    known.map((_, at) => `passport form ${at}`),
  );
  const changed = await check();
  expect(changed.drift?.lower).toBeGreaterThan(0.8);
  expect(changed.advice.join()).toContain('train on newer sessions');
});
