import type {
  Collection,
  GateReport,
  JudgedQuery,
  ModelRecord,
  RankingProfile,
  Rollout,
} from '@embedding-studio/contracts';
import { StudioError } from '@embedding-studio/contracts';
import { sessionsToJudgedQueries } from '@embedding-studio/ml/clicks';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { fitLexical } from '../evaluation/fit-lexical.ts';
import { rankClickedItems } from '../evaluation/segment-queries.ts';
import type { SessionSplit } from '../evaluation/split-sessions.ts';
import { loadSplit, splitSeed } from '../fine-tuning/batch-split.ts';
import { type JobResult, type JobRun, progressOf } from '../job-run.ts';
import { fetchArtefact } from '../model/fetch-artefact.ts';
import { encodeCorpus } from './gate/candidate-vectors.ts';
import { chooseCorpus } from './gate/choose-corpus.ts';
import { loadCollectionVectors } from './gate/collection-vectors.ts';
import { compareSides, type RankedSide } from './gate/compare-sides.ts';
import { embedQueries } from './gate/embed-queries.ts';
import { findLexical } from './gate/find-lexical.ts';
import { packVectors } from './gate/vector-side.ts';
import { modelIdOf } from './run-deployment.ts';
import { runStep, type StepOutcome } from './run-step.ts';

const judgedMax = 2_000;

/** trained → gated or rejected: the new model must rank held-out queries better than what is live. */
export function runEvaluation({ ctx, input }: { ctx: Ctx; input: JobRun<'evaluation'> }): Promise<JobResult> {
  authorise(ctx, 'rollout.write');
  return runStep(ctx, {
    rolloutId: input.task.input.rolloutId,
    from: 'trained',
    act: async (rollout) => {
      const model = await ctx.deps.models.getModel(modelIdOf(rollout));
      const { report, profile } = await evaluate(ctx, { rollout, model, job: input });
      return settleGate(ctx, { model, report, profile });
    },
  });
}

async function settleGate(
  ctx: Ctx,
  options: { model: ModelRecord; report: GateReport; profile: RankingProfile },
): Promise<StepOutcome> {
  const { model, report, profile } = options;
  const reason = report.reasons.join(' ');
  const change = { gate: { ...report, profile } };
  const result = { decision: report.decision, reasons: report.reasons };
  if (report.decision === 'accepted') return { to: 'gated', reason, change, result };
  await ctx.deps.models.updateModelStatus(model.id, 'rejected');
  await ctx.deps.objects.deleteObjects(`${model.artefactKey}vectors/`);
  return { to: 'rejected', reason, change, result };
}

interface Evaluation {
  rollout: Rollout;
  model: ModelRecord;
  job: JobRun<'evaluation'>;
}

async function evaluate(ctx: Ctx, evaluation: Evaluation): Promise<{ report: GateReport; profile: RankingProfile }> {
  const { rollout, model } = evaluation;
  const source = await getSource(ctx, rollout);
  const split = await loadSplit(ctx, { artefactKey: model.artefactKey, batchId: rollout.batchId });
  const judged = chooseJudged(split);
  const profile = await fitWords(ctx, { source, split });
  const lexical = await findLexical(ctx, { collectionId: source.id, queries: judged, profile });
  const needed = new Set([
    ...judged.flatMap((query) => query.judged),
    ...lexical.flatMap((candidates) => candidates.slice(0, 100).map(({ itemId }) => itemId)),
  ]);
  const items = await chooseCorpus(ctx, { needed, seed: splitSeed });
  const corpus = new Set(items.map((item) => item.id));
  const base: RankedSide = {
    vectors: packVectors(await loadCollectionVectors(ctx, { collectionId: source.id, items })),
    queries: await embedQueries(ctx, { modelId: source.modelId, queries: judged }),
  };
  const candidate = await encodeCandidate(ctx, { ...evaluation, items, judged });
  return compareSides({
    judged,
    lexical: lexical.map((candidates) => candidates.filter(({ itemId }) => corpus.has(itemId))),
    base,
    candidate,
    profile,
    clicked: rankClickedItems(split.train),
    seed: splitSeed,
  });
}

async function getSource(ctx: Ctx, rollout: Rollout): Promise<Collection> {
  if (rollout.sourceCollectionId !== null) return ctx.deps.collections.getCollection(rollout.sourceCollectionId);
  throw new StudioError('LIVE_COLLECTION_MISSING', 'Nothing was live to compare with when the rollout began.');
}

function chooseJudged(split: SessionSplit): JudgedQuery[] {
  const { judged } = sessionsToJudgedQueries([...split.heldOut, ...split.heldOutUnseen]);
  return judged.length <= judgedMax ? judged : shuffle(judged, createRandom(splitSeed)).slice(0, judgedMax);
}

/** Field weights are fitted on the training side and shared, so that only the model differs between the sides. */
async function fitWords(ctx: Ctx, options: { source: Collection; split: SessionSplit }): Promise<RankingProfile> {
  const { source, split } = options;
  const { lexical } = await fitLexical({
    collections: ctx.deps.collections,
    collectionId: source.id,
    queries: sessionsToJudgedQueries(split.train).judged,
    base: source.ranking,
    seed: splitSeed,
    signal: ctx.signal,
  });
  return { ...source.ranking, lexical };
}

async function encodeCandidate(
  ctx: Ctx,
  options: Evaluation & { items: Awaited<ReturnType<typeof chooseCorpus>>; judged: readonly JudgedQuery[] },
): Promise<RankedSide> {
  const { model, job, items, judged } = options;
  const { folder } = await fetchArtefact(ctx, model);
  const started = ctx.deps.clock.now().getTime();
  const rows = await encodeCorpus(ctx, {
    model: { artefactKey: model.artefactKey, folder },
    items,
    onItems: (done) => {
      const secondsSoFar = (ctx.deps.clock.now().getTime() - started) / 1_000;
      return job.save({ progress: progressOf({ done, total: items.length, note: 'items encoded', secondsSoFar }) });
    },
  });
  const texts = judged.map(({ text }) => text);
  const signal = ctx.signal ?? new AbortController().signal;
  const queries = await ctx.deps.trainer.encode({ modelFolder: folder, texts, kind: 'query', signal });
  return { vectors: packVectors(rows), queries };
}
