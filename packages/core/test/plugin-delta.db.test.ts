import {
  applyDeltas,
  type Ctx,
  ingestEvents,
  registerSession,
  updateImprovement,
  updateSearchPlugins,
} from '@embedding-studio/core';
import { builtInPlugins } from '@embedding-studio/plugins/built-ins';
import { openPluginRegistry } from '@embedding-studio/plugins/registry';
import { defineVectorAdjuster, pluginApiVersion } from '@embedding-studio/plugins/spec';
import { recordLog } from '@embedding-studio/testing';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openShop } from './rollout-world.ts';

const reckless = defineVectorAdjuster({
  apiVersion: pluginApiVersion,
  kind: 'vector-adjuster',
  ...{ id: 'test.reckless', version: '1.0.0', title: 'Reckless', description: 'Turns every item around.' },
  ...{ config: z.strictObject({}), needs: [] },
  adjust: ({ vector }) => vector.map((value) => -value),
});

let studio: TestStudio;
let ctx: Ctx;
let collectionId: string;
const query = 'red lamps made of oak';

beforeAll(async () => {
  const clock = { now: () => new Date() };
  const plugins = await openPluginRegistry({ builtIns: [...builtInPlugins, reckless], clock, log: recordLog().log });
  studio = await openShop({ plugins });
  ctx = studio.ctx;
  collectionId = (await ctx.deps.collections.findLiveCollection())?.collection.id ?? '';
  await updateImprovement({ ctx, input: { isOn: true } });
});
afterAll(() => studio?.close());

/** One click on the item, learned; what the overlay then adds to its cosine with the query. */
async function learnClick(itemId: string): Promise<number> {
  const sessionId = `visit-${itemId}`;
  const shown = ['lamps-0', 'lamps-1', 'lamps-2', 'lamps-3', 'lamps-4'].map((id) => ({ itemId: id }));
  await registerSession({ ctx, input: { sessionId, query, shown } });
  await ingestEvents({ ctx, input: { events: [{ sessionId, eventId: 'e', itemId, dwellSeconds: 120 }] } });
  studio.passSeconds(15);
  await drainTasks(ctx.deps);
  const live = await ctx.deps.collections.findLiveCollection();
  const modelId = live?.collection.modelId ?? '';
  const [queryVector = new Float32Array()] = await ctx.deps.encoder.embed({ modelId, texts: [query], kind: 'query' });
  const candidates = [{ itemId, cosine: 0.5, lexical: 0, lexicalScale: 0 }];
  const [improved] = await applyDeltas(ctx, { collectionId, queryVector, candidates });
  return improved?.overlay?.delta ?? 0;
}

test('a chosen adjuster makes the overlay; one that goes too far is skipped and the built-in rule decides', async () => {
  const builtIn = await learnClick('lamps-0');
  expect(builtIn).toBeGreaterThan(0);
  const strong = { id: 'centroid-pull', config: { share: 1, halfShareUsers: 0.1, degreesMax: 20 } };
  await updateSearchPlugins({ ctx, input: { vectorAdjuster: strong } });
  expect(await learnClick('lamps-1')).toBeGreaterThan(2 * builtIn);
  await updateSearchPlugins({ ctx, input: { vectorAdjuster: { id: 'test.reckless' } } });
  const afterReckless = await learnClick('lamps-2');
  expect(afterReckless).toBeGreaterThan(0);
  expect(afterReckless).toBeLessThan(2 * builtIn);
  const reason = expect.stringContaining('moved the item to a cosine of -1.000');
  expect(studio.log).toContainEqual(
    expect.objectContaining({ message: 'plugin skipped', fields: expect.objectContaining({ reason }) }),
  );
});

test('an adjuster is refused where a ranker stands, and the other way round', async () => {
  const asAdjuster = updateSearchPlugins({ ctx, input: { vectorAdjuster: { id: 'recency' } } });
  await expect(asAdjuster).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'vectorAdjuster.id' });
  const asRanker = updateSearchPlugins({ ctx, input: { rankers: [{ id: 'delta-overlay' }] } });
  await expect(asRanker).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'rankers.0.id' });
});
