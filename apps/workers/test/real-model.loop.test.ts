import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStudio, parseSettings, type Studio, studioFragment } from '@embedding-studio/composition';
import { workerRoles } from '@embedding-studio/contracts';
import {
  type Ctx,
  importSessions,
  registerBaseModel,
  requestFineTuning,
  requestInitialIndex,
  requestUpsertion,
  rollBack,
  searchItems,
} from '@embedding-studio/core';
import { startModelServer } from '@embedding-studio/integrations/model-server';
import { findRedisProgram, recordLog, startTestRedis } from '@embedding-studio/testing';
import { startTestMongo } from '@embedding-studio/testing/mongo';
import { startTestPostgres } from '@embedding-studio/testing/postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tinyBert, writeArtefact } from '../../../packages/ml/test/trainer/tiny-artefact.ts';
import { startWorkers } from '../src/start-workers.ts';
import { tinyShop } from './tiny-shop.ts';

const closers: (() => Promise<unknown>)[] = [];
let studio: Studio;
let ctx: Ctx;
let folder: string;
const { log, lines } = recordLog();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-loop-'));
  const [postgres, mongo] = await Promise.all([startTestPostgres(), startTestMongo()]);
  const redis = findRedisProgram() === null ? null : await startTestRedis();
  const server = await startModelServer({
    ...{ host: '127.0.0.1', port: 0, bodyBytesMax: 1e7, repositoryFolder: join(folder, 'served'), threads: 1 },
    ...{ batchRowsMax: 32, queueMax: 256, executionProviders: ['cpu'], modelsMax: 8 },
  });
  const settings = parseSettings(studioFragment, {
    DATABASE_URL: postgres.url,
    MONGODB_URL: mongo.url,
    MONGODB_DATABASE: mongo.database,
    REDIS_URL: redis?.url,
    TRITON_URL: server.url,
    MODEL_REPOSITORY_FOLDER: join(folder, 'served'),
    OBJECTS_FOLDER: join(folder, 'objects'),
    WORK_FOLDER: join(folder, 'work'),
    TRAINING_THREADS: '1',
  });
  studio = await openStudio({ settings, log });
  const workers = await startWorkers({
    ...{ deps: studio.deps, connection: studio.queueConnection, roles: workerRoles, sweepIntervalMs: 200 },
  });
  ctx = { actor: { kind: 'user', userId: 'engineer', role: 'engineer' }, requestId: 'loop', deps: studio.deps };
  closers.push(
    () => rm(folder, { recursive: true, force: true }),
    ...[() => postgres.stop(), () => mongo.stop(), async () => redis?.stop(), () => server.close()],
    ...[() => studio.close(), () => workers.close()],
  );
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function waitForRollout(rolloutId: string): Promise<string> {
  for (;;) {
    const rollout = await studio.deps.rollouts.getRollout(rolloutId);
    const end = rollout.transitions.at(-1);
    if (rollout.state === 'failed' || rollout.state === 'rejected') return `${rollout.state}: ${end?.reason}`;
    if (rollout.state === 'live') return 'live';
    await sleep(100);
  }
}

/** Of the first ten hits, how many belong to the topic that was asked for. */
async function measurePrecision(): Promise<number> {
  let sum = 0;
  for (let topic = 0; topic < 5; topic++) {
    const { hits } = await searchItems({ ctx, input: { query: `word${topic * 3} word${topic * 3 + 1}`, limit: 10 } });
    sum += hits.filter(({ itemId }) => itemId.startsWith(`item-${topic}-`)).length / 10;
  }
  return sum / 5;
}

describe('the whole loop on an ONNX encoder', () => {
  test('clicks train it, the gate proves it, search gets better, rollback and forward again take one call', async () => {
    const { items, sessions } = tinyShop();
    const base = await registerBaseModel({ ctx, input: { folder: writeArtefact(join(folder, 'base'), tinyBert()) } });
    await requestUpsertion({ ctx, input: { id: 'items', items } });
    const initial = await requestInitialIndex({ ctx, input: { modelId: base.id } });
    expect(await waitForRollout(initial.id)).toBe('live');
    await importSessions({ ctx, input: { sessions } });
    const before = await measurePrecision();

    const settings = { epochsMax: 20, secondsMax: null, stepsMax: null, learningRate: 0.01 };
    const { rollout } = await requestFineTuning({ ctx, input: { method: 'contrastive', settings } });
    expect(await waitForRollout(rollout?.id ?? '')).toBe('live');
    const after = await measurePrecision();
    expect(after).toBeGreaterThan(before + 0.2);

    await rollBack({ ctx, input: {} });
    expect(await measurePrecision()).toBeCloseTo(before);
    await rollBack({ ctx, input: {} });
    expect(await measurePrecision()).toBeCloseTo(after);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
