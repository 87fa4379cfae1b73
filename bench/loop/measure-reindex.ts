import { join } from 'node:path';
import { newId, StudioError, type Task } from '@embedding-studio/contracts';
import { runReindex } from '../../packages/core/src/rollout/run-reindex.ts';
import { alternate, inverse } from '../alternate.ts';
import type { Measurement } from './measurement.ts';
import type { Bench } from './open-bench.ts';

const modelId = 'mdl_bench_reindex';
const pageItems = 200;

/** The whole reindex job, against the same encoder fed the same parts in the same portions and nothing stored. */
export async function measureReindex(bench: Bench, repeats: number): Promise<Measurement> {
  await installTwin(bench);
  const { encoder, settings } = bench.ctx.deps;
  const compared = await alternate({
    ours: { name: 'reindex job: list, embed, store, build the index', run: () => reindex(bench) },
    bare: {
      name: 'embedding alone: the same encoder, parts and portions',
      run: async () => {
        for (const texts of portions(bench, settings.embedBatch)) await encoder.embed({ modelId, texts, kind: 'item' });
      },
    },
    repeats,
  });
  return {
    name: 'reindex',
    what: `items per second of a reindex of ${bench.items.length} items, of the rate of embedding them`,
    goal: { at: 'least', value: 0.9 },
    ratio: inverse(compared.timesBare),
    compared,
    facts: { items: bench.items.length, itemsPerSecond: bench.items.length / compared.ours.seconds.median },
  };
}

/** The same weights under another id: a model has one collection, and the live one must stay as it is. */
async function installTwin({ ctx, files, modelId: original }: Bench): Promise<void> {
  const { createdAt: _at, ...record } = await ctx.deps.models.getModel(original);
  await ctx.deps.models.createModel({ ...record, id: modelId, status: 'registered' });
  await ctx.deps.modelServer.installModel(modelId, join(files.folder, 'model.onnx'), files.manifest);
  await ctx.deps.modelServer.loadModel(modelId);
}

/** As the job does: pages of items in the order of their ids, cut at the largest embedding request. */
function portions({ items }: Bench, textsMax: number): string[][] {
  const sorted = [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
  const found: string[][] = [];
  for (let start = 0; start < sorted.length; start += pageItems) {
    const texts = sorted.slice(start, start + pageItems).flatMap((item) => item.parts);
    for (let from = 0; from < texts.length; from += textsMax) found.push(texts.slice(from, from + textsMax));
  }
  return found;
}

async function reindex({ ctx, items }: Bench): Promise<void> {
  const { rollouts, tasks, collections } = ctx.deps;
  const { rollout } = await rollouts.createRollout({
    ...{ id: newId('rollout'), state: 'deployed', isInitial: true, baseModelId: null, modelId },
    ...{ sourceCollectionId: null, collectionId: null, batchId: null, gate: null, verification: null },
  });
  const input = { rolloutId: rollout.id };
  const { task } = await tasks.requestTask({ kind: 'reindex', idempotencyKey: rollout.id, input });
  const claimed = (await tasks.claimTask(task.id, 600)) as Task<'reindex'> | null;
  if (claimed === null) throw new StudioError('INTERNAL', 'the reindex task could not be claimed');
  const claim = { taskId: claimed.id, attempt: claimed.attempt };
  const save = async (change: Parameters<typeof tasks.saveCheckpoint>[1]) =>
    void (await tasks.saveCheckpoint(claim, change));
  const { result } = await runReindex({ ctx, input: { task: claimed, save } });
  await tasks.settleTask(claim, { status: 'done', result });
  const counts = await collections.countVectors(String(result.collectionId));
  if (counts.items !== items.length || counts.stale !== 0)
    throw new StudioError('INTERNAL', `the reindex left ${JSON.stringify(counts)} of ${items.length} items`);
  await collections.dropCollection(String(result.collectionId));
}
