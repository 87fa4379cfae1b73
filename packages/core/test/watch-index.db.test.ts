import { createIndexWatch, createStateTeller, recordCheck } from '@embedding-studio/core';
import { openTelemetry, type ProcessTelemetry } from '@embedding-studio/telemetry/observe';
import type { TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop } from './rollout-world.ts';

let studio: TestStudio;
let telemetry: ProcessTelemetry;
let collectionId: string;
beforeAll(async () => {
  studio = await openShop();
  telemetry = await openTelemetry({ name: 'test', version: '0', traces: null });
  collectionId = (await studio.deps.collections.findLive())?.collectionId ?? '';
});
afterAll(async () => {
  await studio?.close();
  await telemetry?.close();
});

const countChecks = async () =>
  (await studio.deps.collectionChecks.listChecks({ collectionId, before: null, limit: 100 })).length;

/** What a worker that has just started does at its first look. */
async function lookOnce(): Promise<number> {
  await createIndexWatch(studio.ctx)();
  return countChecks();
}

test('the live index is checked once a day: not in its first hour, and not where somebody has just checked it', async () => {
  expect(await lookOnce()).toBe(0);
  studio.passSeconds(2 * 3_600);
  expect(await lookOnce()).toBe(1);
  expect(await lookOnce()).toBe(1);
  await recordCheck({ ctx: studio.ctx, input: { collectionId } });
  studio.passSeconds(12 * 3_600);
  expect(await lookOnce()).toBe(2);
  studio.passSeconds(13 * 3_600);
  expect(await lookOnce()).toBe(3);
});

test('the gauges tell what the check found, and one look at the stores serves all who read at once', async () => {
  const deps = { ...studio.deps, telemetry };
  const teller = createStateTeller({ ...studio.ctx, deps });
  await Promise.all([teller.tell(), teller.tell(), teller.tell()]);
  const { text } = await telemetry.scrape();
  const [last] = await deps.collectionChecks.listChecks({ collectionId, before: null, limit: 1 });
  expect(text).toContain(`embedding_studio_live_collection_recall_ratio{project="default"} ${last?.check.recall10}`);
  expect(text).toContain(`embedding_studio_live_collection_items{project="default"} ${last?.check.items}`);
  expect(text).toContain('embedding_studio_state_reads_total{project="default",outcome="ok"} 1');
});

test('a store that is away leaves the gauges of the others, and is counted', async () => {
  const away = () => Promise.reject(new TypeError('away'));
  const deps = { ...studio.deps, telemetry, taskSearch: { ...studio.deps.taskSearch, describeQueues: away } };
  await createStateTeller({ ...studio.ctx, deps }).tell();
  const { text } = await telemetry.scrape();
  expect(text).toContain('embedding_studio_state_reads_total{project="default",outcome="failed"} 1');
  expect(text).toContain('embedding_studio_live_collection_items{project="default"}');
});

test('a store that hangs keeps nobody waiting for longer than the limit', async () => {
  const hangs = () => new Promise<never>(() => undefined);
  const deps = { ...studio.deps, telemetry, taskSearch: { ...studio.deps.taskSearch, describeQueues: hangs } };
  await expect(createStateTeller({ ...studio.ctx, deps }, { waitMs: 50 }).tell()).resolves.toBeUndefined();
});
