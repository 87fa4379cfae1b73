import type { CategoryQuality } from '@embedding-studio/contracts';
import {
  type Ctx,
  importSessions,
  predictCategories,
  registerBaseModel,
  requestCategoryFit,
  requestInitialIndex,
  requestReindex,
  requestUpsertion,
  rollBack,
} from '@embedding-studio/core';
import { drainTasks, startTestStudio, type TestStudio, writeWordArtefact } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const kinds = ['boots', 'lamps', 'chairs', 'knives', 'tents', 'clocks', 'guitars', 'kettles'];
const colours = ['red', 'blue', 'green', 'black', 'white', 'yellow'];

let studio: TestStudio;
let ctx: Ctx;

beforeAll(async () => {
  studio = await startTestStudio();
  ctx = studio.ctx;
  await requestUpsertion({ ctx, input: { id: 'items', items: kinds.flatMap(itemsOf) } });
  await index('first', {});
  await importSessions({ ctx, input: { sessions: kinds.flatMap(sessionsOf) } });
});
afterAll(() => studio.close());

function itemsOf(kind: string) {
  return colours.map((colour, place) => ({
    ...{ id: `${kind}-${place}`, title: `${colour} ${kind}`, text: `Number ${place}.` },
    payload: { shop: { kinds: [kind] } },
  }));
}

/** Plain queries, and one in slang that many people use for the kind. */
function sessionsOf(kind: string, place: number) {
  return Array.from({ length: 45 }, (_, number) => {
    const colour = number % colours.length;
    const isSlang = number % 3 === 0;
    const clicked = `${kind}-${colour}`;
    const createdAt = new Date(Date.UTC(2026, 0, 1, place, number));
    return {
      ...{ sessionId: `${kind}-s${number}`, userId: `user-${number}`, createdAt },
      query: isSlang ? `zz${place}` : `${colours[colour]} ${kind} nr${number}`,
      shown: [clicked, `${kinds[(place + 1) % kinds.length]}-0`].map((itemId) => ({ itemId })),
      events: [{ eventId: 'e', itemId: clicked, createdAt }],
    };
  });
}

async function index(name: string, synonyms: Record<string, string>): Promise<void> {
  const folder = await writeWordArtefact(`${studio.folder}/${name}`, { synonyms });
  const { id } = await registerBaseModel({ ctx, input: { folder } });
  const live = await studio.deps.collections.findLiveCollection();
  if (live === null) await requestInitialIndex({ ctx, input: { modelId: id } });
  else await requestReindex({ ctx, input: { sourceModelId: live.collection.modelId, destModelId: id } });
  await drainTasks(studio.deps);
}

async function fit(field: string, idempotencyKey: string) {
  const { id } = await requestCategoryFit({ ctx, input: { field, idempotencyKey } });
  await drainTasks(studio.deps);
  return studio.deps.tasks.getTask(id);
}

const predict = (query: string) => predictCategories({ ctx, input: { query } });

describe('categories', () => {
  test('are asked for in vain before they were fitted', async () => {
    await expect(predict('boots')).rejects.toMatchObject({ code: 'CATEGORY_MODEL_MISSING' });
    await expect(requestCategoryFit({ ctx, input: {} })).rejects.toMatchObject({ field: 'field' });
  });

  test('a field without categories refuses the fit and says which', async () => {
    const task = await fit('shop.none', 'none');
    expect(task).toMatchObject({ status: 'refused', error: { code: 'TRAINING_EVIDENCE_MISSING' } });
    expect(task.error?.message).toContain('shop.none');
  });

  test('a fit is judged by clicks that it has not seen', async () => {
    const { result, status } = await fit('shop.kinds', 'first');
    expect(status).toBe('done');
    const quality = result?.quality as CategoryQuality;
    expect(quality.sessions).toBeGreaterThan(60);
    expect(quality.accuracy).toBeGreaterThan(0.9);
    expect(quality.accuracyOfMostClicked).toBeLessThan(0.3);
    expect(quality.ece).toBeLessThan(0.15);
    expect(quality.ece).toBeLessThan(quality.eceUncalibrated);
  });

  test('the category of a query comes from what items of it mean', async () => {
    const { categories, isAbstaining, field } = await predict('cheap boots');
    expect({ first: categories[0]?.category, isAbstaining, field }).toEqual({
      ...{ first: 'boots', isAbstaining: false, field: 'shop.kinds' },
    });
    expect(categories[0]?.items).toBe(colours.length);
    expect(categories[0]?.probability).toBeGreaterThan(0.5);
  });

  test('and from where many people went after the same words', async () => {
    expect((await predict('zz2')).categories[0]?.category).toBe('chairs');
  });

  test('without a sign of either the answer is none', async () => {
    expect(await predict('quarterly tax statement')).toMatchObject({ categories: [], isAbstaining: true });
  });
});

describe('after a switch', () => {
  test('categories are fitted anew for the collection that is live, and rollback has its own again', async () => {
    const before = await predict('cheap boots');
    await index('second', { footwear: 'boots' });
    const live = await studio.deps.collections.findLiveCollection();
    expect(live?.collection.id).not.toBe(before.collectionId);
    const after = await predict('cheap footwear');
    expect(after).toMatchObject({ degraded: [], collectionId: live?.collection.id });
    expect(after.categories[0]?.category).toBe('boots');
    await rollBack({ ctx, input: {} });
    await drainTasks(studio.deps);
    expect((await predict('cheap boots')).collectionId).toBe(before.collectionId);
  });

  test('until then the answer is none and says why', async () => {
    const { collections, categories } = studio.deps;
    const live = await collections.findLiveCollection();
    const gone: Ctx = {
      ...ctx,
      deps: { ...ctx.deps, categories: { ...categories, findModel: async () => null } },
    };
    expect(await predictCategories({ ctx: gone, input: { query: 'boots' } })).toMatchObject({
      ...{ categories: [], degraded: ['categories_refitting'], collectionId: live?.collection.id },
    });
  });
});

test('reading categories takes a key of searches; fitting them more', async () => {
  const search: Ctx = { ...ctx, actor: { kind: 'apiKey', keyId: 'k', scopes: ['search', 'ingest'] } };
  await expect(predictCategories({ ctx: search, input: { query: 'boots' } })).resolves.toBeDefined();
  await expect(requestCategoryFit({ ctx: search, input: { field: 'x' } })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(requestCategoryFit({ ctx, input: { field: 'a..b' } })).rejects.toMatchObject({ field: 'field' });
});
