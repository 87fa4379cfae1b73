import type {
  Candidate,
  Collection,
  JudgedQuery,
  RankingProfile,
  SessionWithEvents,
} from '@embedding-studio/contracts';
import { sessionsToJudgedQueries } from '@embedding-studio/ml/clicks';
import { createRandom, type FusionQuery, fitFusion, shuffle } from '@embedding-studio/ml/ranking';
import { adaptQueries } from '../adapter/adapt-queries.ts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { fitLexical } from '../evaluation/fit-lexical.ts';
import { loadSplit, splitSeed } from '../fine-tuning/batch-split.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { recordAudit } from '../record-audit.ts';
import { embedQueries } from '../rollout/gate/embed-queries.ts';
import { loadBatchSessions } from '../session/load-batch-sessions.ts';
import { recordExclusions } from '../session/record-exclusions.ts';

const judgedMax = 800;
const depth = 100;
const concurrency = 3;

/** Fits field weights and fusion of a collection on sessions that its model was not trained on. Safe to run twice. */
export async function runRankingFit({ ctx, input }: { ctx: Ctx; input: JobRun<'ranking_fit'> }): Promise<JobResult> {
  authorise(ctx, 'rollout.write');
  const { collectionId, batchId } = input.task.input;
  const collection = await ctx.deps.collections.getCollection(collectionId);
  const sessions = await loadFairSessions(ctx, { collection, batchId });
  const { judged } = sessionsToJudgedQueries(sessions);
  const chosen = shuffle(judged, createRandom(splitSeed)).slice(0, judgedMax);
  const { lexical } = await fitLexical({
    collections: ctx.deps.collections,
    collectionId,
    queries: chosen,
    base: collection.ranking,
    seed: splitSeed,
    signal: ctx.signal,
  });
  const base = { ...collection.ranking, lexical };
  const profile = fitFusion({
    queries: await findBothLegs(ctx, { collection, judged: chosen, base }),
    base,
    seed: splitSeed,
  });
  await ctx.deps.collections.updateCollection(collectionId, { ranking: profile });
  await recordAudit(ctx, {
    action: 'ranking.fit',
    subject: collectionId,
    detail: { batchId, queries: chosen.length, ...profile },
  });
  return { result: { queries: chosen.length, profile } };
}

/** A model knows the sessions it was trained on too well: its weights are fitted on those held out. */
async function loadFairSessions(
  ctx: Ctx,
  source: { collection: Collection; batchId: string },
): Promise<SessionWithEvents[]> {
  const model = await ctx.deps.models.getModel(source.collection.modelId);
  if (model.manifest.trainedOn?.batchId !== source.batchId)
    return recordExclusions(ctx, await loadBatchSessions(ctx, source.batchId));
  const split = await loadSplit(ctx, { artefactKey: model.artefactKey, batchId: source.batchId });
  return [...split.heldOut, ...split.heldOutUnseen];
}

async function findBothLegs(
  ctx: Ctx,
  options: { collection: Collection; judged: readonly JudgedQuery[]; base: RankingProfile },
): Promise<FusionQuery[]> {
  const { collection, judged, base } = options;
  const raw = await embedQueries(ctx, { modelId: collection.modelId, queries: judged });
  const vectors = await adaptQueries(ctx, { collection, vectors: raw });
  const found: Candidate[][] = judged.map(() => []);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < judged.length; index = next++) {
      ctx.signal?.throwIfAborted();
      const text = judged[index]?.text ?? '';
      const query = { collectionId: collection.id, text, vector: vectors[index] ?? null, depth };
      found[index] = await ctx.deps.collections.findCandidates({
        ...query,
        lexical: base.lexical,
        efSearch: base.efSearch,
      });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return judged.map((query, index) => ({ judged: query, candidates: found[index] ?? [] }));
}
