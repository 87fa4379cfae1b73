import { type GoldenRun, GoldenScore, StudioError, toStudioError } from '@embedding-studio/contracts';
import { meanOf } from '@embedding-studio/stats';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import { derivedId } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { type JobResult, type JobRun, progressOf } from '../job-run.ts';
import { recordAudit } from '../record-audit.ts';
import { searchItems } from '../search/search-items.ts';
import { compareScores } from './compare-scores.ts';
import { readGoldenPolicy } from './golden-policy.ts';
import { loadGoldenQueries } from './load-golden-queries.ts';
import { type GoldenQuery, scoreQuery } from './score-query.ts';

const depth = 10;
const saveEvery = 25;
const Checkpoint = z.object({ collectionId: z.string(), scores: z.array(GoldenScore) });

type Job = JobRun<'golden_evaluation'>;

/**
 * Asks the live search all queries of the golden set, and says whether it fell since the run before. Goes on where an
 * attempt ended, unless another collection serves by then.
 */
export async function runGoldenEvaluation({ ctx, input: job }: { ctx: Ctx; input: Job }): Promise<JobResult> {
  authorise(ctx, 'search.read');
  const { collectionId, modelId, scores } = await measureLive(ctx, { job, queries: await loadGoldenQueries(ctx) });
  const id = derivedId('gol', job.task.id);
  const means = {
    ndcg10: meanOrNull(scores, 'ndcg10'),
    mrr10: meanOrNull(scores, 'mrr10'),
    judged10: meanOrNull(scores, 'judged10'),
  };
  const change = await compareWithLast(ctx, { id, scores });
  const run: GoldenRun = {
    id,
    at: ctx.deps.clock.now(),
    collectionId,
    modelId,
    queries: scores.length,
    ...means,
    change,
  };
  if (change?.isAlert === true) await alert(ctx, run);
  await ctx.deps.judgements.putGoldenRun(run, scores);
  return { result: { runId: id, queries: run.queries, ...means, isAlert: change?.isAlert ?? false } };
}

interface Measured {
  collectionId: string;
  modelId: string;
  scores: GoldenScore[];
}

/** From the start again where another collection goes live in the middle. */
async function measureLive(
  ctx: Ctx,
  asked: { job: Job; queries: readonly GoldenQuery[] },
  triesLeft = 3,
): Promise<Measured> {
  const live = await ctx.deps.collections.findLiveCollection();
  if (live === null) throw new StudioError('LIVE_COLLECTION_MISSING', 'Nothing is live to be measured.');
  const { id: collectionId, modelId } = live.collection;
  try {
    return { collectionId, modelId, scores: await askAll(ctx, { ...asked, collectionId }) };
  } catch (error) {
    if (toStudioError(error).code !== 'LIVE_POINTER_MOVED' || triesLeft <= 1) throw error;
    return measureLive(ctx, asked, triesLeft - 1);
  }
}

async function askAll(
  ctx: Ctx,
  { job, collectionId, queries }: { job: Job; collectionId: string; queries: readonly GoldenQuery[] },
): Promise<GoldenScore[]> {
  const kept = Checkpoint.safeParse(job.task.checkpoint).data;
  const known = new Map((kept?.collectionId === collectionId ? kept.scores : []).map((one) => [one.queryKey, one]));
  const scores: GoldenScore[] = [];
  const started = ctx.deps.clock.now().getTime();
  for (const query of queries) {
    ctx.signal?.throwIfAborted();
    const own = known.get(query.queryKey);
    scores.push(own?.gradesHash === query.gradesHash ? own : await askOne(ctx, { query, collectionId }));
    if (scores.length % saveEvery !== 0) continue;
    const secondsSoFar = (ctx.deps.clock.now().getTime() - started) / 1_000;
    const progress = { done: scores.length, total: queries.length, note: 'queries asked', secondsSoFar };
    await job.save({ checkpoint: { collectionId, scores }, progress: progressOf(progress) });
  }
  return scores;
}

/** As users get it, but nobody: no session, no exposure. An answer by words alone would look like a fall. */
async function askOne(
  ctx: Ctx,
  { query, collectionId }: { query: GoldenQuery; collectionId: string },
): Promise<GoldenScore> {
  const found = await searchItems({ ctx, input: { query: query.query, limit: depth } });
  if (found.degraded.includes('lexical_only'))
    throw new StudioError('MODEL_SERVER_UNAVAILABLE', 'The model server does not answer: the run waits for it.');
  if (found.collectionId !== collectionId)
    throw new StudioError('LIVE_POINTER_MOVED', 'Another collection went live during the run.');
  return scoreQuery(
    query,
    found.hits.map(({ itemId }) => itemId),
  );
}

async function compareWithLast(
  ctx: Ctx,
  { id, scores }: { id: string; scores: readonly GoldenScore[] },
): Promise<GoldenRun['change']> {
  const before = (await ctx.deps.judgements.listGoldenRuns({ limit: 2 })).find((run) => run.id !== id);
  if (before === undefined) return null;
  const { policy } = await readGoldenPolicy(ctx);
  const change = compareScores(await ctx.deps.judgements.listGoldenScores(before.id), scores, policy.dropMin);
  return change && { runId: before.id, ...change };
}

async function alert(ctx: Ctx, { id, collectionId, ndcg10, change }: GoldenRun): Promise<void> {
  ctx.deps.log.warn({ runId: id, collectionId, ndcg10, ...change }, 'the golden set fell');
  await recordAudit(ctx, { action: 'golden.drop', subject: id, detail: { collectionId, ndcg10, ...change } });
}

function meanOrNull(scores: readonly GoldenScore[], key: 'ndcg10' | 'mrr10' | 'judged10'): number | null {
  return scores.length === 0 ? null : meanOf(scores.map((score) => score[key]));
}
