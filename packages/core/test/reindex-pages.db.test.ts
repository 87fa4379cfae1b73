import { type ItemRecord, newId, StudioError, type Task } from '@embedding-studio/contracts';
import { type CoreDeps, type Ctx, registerBaseModel } from '@embedding-studio/core';
import { startTestStudio, type TestStudio, writeWordArtefact } from '@embedding-studio/testing/studio';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runReindex } from '../src/rollout/run-reindex.ts';

/** Two full pages and a part of a third. */
const items: ItemRecord[] = Array.from({ length: 450 }, (_, i) => {
  const id = `i${String(i).padStart(3, '0')}`;
  return { id, title: id, body: '', payload: {}, contentHash: id, parts: [id] };
});

let studio: TestStudio;
let task: Task<'reindex'>;
let dims: number;
beforeEach(async () => {
  studio = await startTestStudio({ settings: { embedBatch: 1_000 } });
  const { ctx, deps, folder } = studio;
  await deps.items.upsertItems(items);
  const model = await registerBaseModel({ ctx, input: { folder: await writeWordArtefact(`${folder}/base`) } });
  dims = (await deps.models.getModel(model.id)).manifest.dims;
  const { rollout } = await deps.rollouts.createRollout({
    ...{ id: newId('rollout'), state: 'deployed', isInitial: true, baseModelId: null, modelId: model.id },
    ...{ sourceCollectionId: null, collectionId: null, batchId: null, gate: null, verification: null },
  });
  const input = { rolloutId: rollout.id };
  const requested = await deps.tasks.requestTask({ kind: 'reindex', idempotencyKey: rollout.id, input });
  task = (await deps.tasks.claimTask(requested.task.id, 600)) as Task<'reindex'>;
});
afterEach(() => studio.close());

type Embed = CoreDeps['encoder']['embed'];
type Put = CoreDeps['collections']['putVectors'];

const oneVector = () => Float32Array.from({ length: dims }, (_, d) => Number(d === 0));
const pageOf = (id: string | undefined) => 1 + Math.floor(Number(id?.slice(1)) / 200);

/** The job with its embedding and storing reported, and what it has saved. */
async function reindex(hooks: { onEmbed?: Embed; onPut?: (page: number) => Promise<void> }, resumed = task) {
  const log: string[] = [];
  let checkpoint: Record<string, unknown> | null = null;
  const { deps } = studio;
  const embed: Embed = async (request) => {
    log.push(`embed ${pageOf(request.texts[0])}`);
    return (await hooks.onEmbed?.(request)) ?? request.texts.map(oneVector);
  };
  const putVectors: Put = async (collectionId, rows) => {
    const page = pageOf(rows[0]?.itemId);
    await hooks.onPut?.(page);
    await deps.collections.putVectors(collectionId, rows);
    log.push(`stored ${page}`);
  };
  const collections = { ...deps.collections, putVectors };
  const ctx: Ctx = { ...studio.ctx, deps: { ...deps, encoder: { embed }, collections } };
  const save = async (change: { checkpoint?: Record<string, unknown> }) => {
    checkpoint = change.checkpoint ?? checkpoint;
    log.push(`saved ${pageOf(String(checkpoint?.after))}`);
  };
  const outcome = await runReindex({ ctx, input: { task: resumed, save } }).catch((error: unknown) => error);
  return { log, outcome, checkpoint };
}

test('the next page is embedded while one is stored, never more than one ahead, and saved only once it is stored', async () => {
  const started = new Map<number, () => void>();
  const isStarted = new Map(
    [1, 2, 3].map((page) => [page, new Promise<void>((resolve) => started.set(page, resolve))]),
  );
  let ahead = 0;
  const { log, outcome } = await reindex({
    onEmbed: async ({ texts }) => {
      const page = pageOf(texts[0]);
      started.get(page)?.();
      return texts.map(oneVector);
    },
    // Storing waits for the next page's embedding: without the overlap this would never end.
    onPut: async (page) => {
      await isStarted.get(page + 1);
      if (page === 1)
        ahead =
          (await Promise.race([isStarted.get(3)?.then(() => 2), studio.deps.items.countItems().then(() => 1)])) ?? 0;
    },
  });
  expect(outcome).toMatchObject({ result: { items: 450, stale: 0, failed: 0 } });
  expect(ahead).toBe(1);
  expect(log.filter((line) => !line.startsWith('embed'))).toEqual(
    [1, 2, 3].flatMap((page) => [`stored ${page}`, `saved ${page}`]),
  );
  expect(log.indexOf('embed 3')).toBeGreaterThan(log.indexOf('stored 1'));
});

test('a page that cannot be stored ends the job and the page ahead; another run goes on from what was stored', async () => {
  let start: () => void = () => undefined;
  const isAhead = new Promise<void>((resolve) => {
    start = resolve;
  });
  const failed = await reindex({
    onEmbed: async ({ texts, signal }) => {
      if (pageOf(texts[0]) < 3) return texts.map(oneVector);
      start();
      // Ends with its signal alone: a job that left it running would hang here.
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      return [];
    },
    onPut: async (page) => {
      if (page < 2) return;
      await isAhead;
      throw new StudioError('STORE_UNAVAILABLE', 'broken on purpose');
    },
  });
  expect(failed.outcome).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(failed.log.filter((line) => line.startsWith('saved'))).toEqual(['saved 1']);
  const again = await reindex({}, { ...task, checkpoint: failed.checkpoint });
  expect(again.outcome).toMatchObject({ result: { items: 450, stale: 0 } });
  expect(again.log[0]).toBe('embed 2');
});

test('an item that cannot be embedded fails alone, also in a page that was embedded ahead', async () => {
  const { outcome } = await reindex({
    onEmbed: async ({ texts }) => {
      if (texts.includes('i222')) throw new StudioError('MODEL_INVALID', 'poisoned');
      return texts.map(oneVector);
    },
  });
  expect(outcome).toMatchObject({ result: { items: 449, stale: 1, failed: 1 } });
});
