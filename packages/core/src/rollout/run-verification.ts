import { type Collection, type Rollout, StudioError } from '@embedding-studio/contracts';
import { verifyQueryAdapter } from '../adapter/query-rollout.ts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { splitSeed } from '../fine-tuning/batch-split.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { runStep, type StepOutcome } from './run-step.ts';
import { checkCounts } from './verification/check-counts.ts';
import { checkGolden } from './verification/check-golden.ts';
import { checkSelfRetrieval } from './verification/check-self-retrieval.ts';
import { sampleItems, sampleQueryTexts } from './verification/sample-texts.ts';
import { tuneEfSearch } from './verification/tune-ef-search.ts';

const sampledItems = 200;
const sampledQueries = 100;
const goldenTexts = 32;
const failedShareMax = 0.05;

/** indexing → verified: the new collection is complete, finds what it holds, and speaks the same space as the model. */
export function runVerification({ ctx, input }: { ctx: Ctx; input: JobRun<'verification'> }): Promise<JobResult> {
  authorise(ctx, 'rollout.write');
  return runStep(ctx, {
    rolloutId: input.task.input.rolloutId,
    from: 'indexing',
    act: async (rollout) => {
      if (rollout.movesQueries === true) return verifyQueries(ctx, rollout);
      const verification = await verify(ctx, rollout);
      const reason = `recall@10 ${verification.recall.recall10.toFixed(3)} at a beam of ${verification.recall.efSearch}.`;
      return { to: 'verified', reason, change: { verification }, result: verification };
    },
  });
}

async function verifyQueries(ctx: Ctx, rollout: Rollout): Promise<StepOutcome> {
  const verification = await verifyQueryAdapter(ctx, rollout);
  const { recall10, efSearch } = verification.recall;
  const reason = `Moved queries: recall@10 ${recall10.toFixed(3)} at a beam of ${efSearch}.`;
  return { to: 'verified', reason, change: { verification }, result: verification };
}

async function verify(ctx: Ctx, rollout: Rollout) {
  const collection = await getTarget(ctx, rollout);
  const failed = await findFailed(ctx, rollout, collection);
  const counts = await checkCounts(ctx, { collection, failed });
  const items = await sampleItems(ctx, { count: sampledItems, seed: splitSeed });
  const texts = await sampleQueryTexts(ctx, {
    batchId: rollout.batchId,
    items,
    count: sampledQueries,
    seed: splitSeed,
  });
  const golden = await checkGolden(ctx, { modelId: collection.modelId, texts: texts.slice(0, goldenTexts) });
  const recall = await tuneEfSearch(ctx, { collection, texts });
  const ranking = { ...collection.ranking, efSearch: recall.efSearch };
  const tuned = await ctx.deps.collections.updateCollection(collection.id, { status: 'ready', ranking });
  const selfRetrieval = await checkSelfRetrieval(ctx, { collection: tuned, items });
  return { counts, failed: failed.size, selfRetrieval, golden, recall };
}

async function getTarget(ctx: Ctx, rollout: Rollout): Promise<Collection> {
  if (rollout.collectionId !== null) return ctx.deps.collections.getCollection(rollout.collectionId);
  throw new StudioError('COLLECTION_NOT_FOUND', `Rollout ${rollout.id} has no collection.`);
}

/** Items that cannot be embedded at all do not stop a rollout, as long as they are few. */
async function findFailed(ctx: Ctx, rollout: Rollout, collection: Collection): Promise<Set<string>> {
  const tasks = await ctx.deps.tasks.listTasks({ kind: 'reindex', status: 'done', offset: 0, limit: 1_000 });
  const own = tasks.filter((task) => task.kind === 'reindex' && task.input.rolloutId === rollout.id);
  const failed = new Set(own.flatMap((task) => task.failures.map((failure) => failure.itemId)));
  const { items } = await ctx.deps.collections.countVectors(collection.id);
  if (failed.size <= failedShareMax * (items + failed.size)) return failed;
  throw new StudioError('VERIFICATION_FAILED', `${failed.size} items could not be embedded.`);
}
