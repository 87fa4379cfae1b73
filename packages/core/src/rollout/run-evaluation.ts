import type { GateReport, ModelRecord, RankingProfile, Rollout } from '@embedding-studio/contracts';
import { adaptSide, isAdapterOf, sourceMoved } from '../adapter/adapted-side.ts';
import { loadAdapter } from '../adapter/adapter-artefact.ts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { keepTenant, loadSplit } from '../fine-tuning/batch-split.ts';
import { type JobResult, type JobRun, progressOf } from '../job-run.ts';
import { fetchArtefact } from '../model/fetch-artefact.ts';
import { requestRankingFit } from '../ranking/request-ranking-fit.ts';
import { evaluateFold } from './fold/evaluate-fold.ts';
import { encodeCorpus } from './gate/candidate-vectors.ts';
import type { RankedSide } from './gate/compare-sides.ts';
import { getSource, judgeCandidate } from './gate/judge-candidate.ts';
import { judgeInt8 } from './gate/judge-int8.ts';
import { measureLatency } from './gate/measure-latency.ts';
import type { OpenTrial } from './gate/open-trial.ts';
import { storeGateQueries } from './gate/store-gate-queries.ts';
import { packVectors } from './gate/vector-side.ts';
import { modelIdOf } from './run-deployment.ts';
import { runStep, type StepOutcome } from './run-step.ts';

/** trained → gated or rejected: the new model must rank held-out queries better than what is live. */
export function runEvaluation({ ctx, input }: { ctx: Ctx; input: JobRun<'evaluation'> }): Promise<JobResult> {
  authorise(ctx, 'rollout.write');
  return runStep(ctx, {
    rolloutId: input.task.input.rolloutId,
    from: 'trained',
    act: async (rollout) => {
      if (rollout.keepsModel === true) return keepModel(ctx, rollout);
      const source = await getSource(ctx, rollout);
      if (rollout.foldsOverlay === true) return evaluateFold(ctx, { rollout, source });
      const model = await ctx.deps.models.getModel(modelIdOf(rollout));
      const stored = await loadSplit(ctx, { artefactKey: model.artefactKey, batchId: rollout.batchId });
      const split = keepTenant(stored, rollout.tenant ?? null);
      const encode = (asked: OpenTrial) =>
        encodeCandidate(ctx, { ...asked, model, liveModelId: source.modelId, job: input });
      const { report: verdict, profile, queries, trial } = await judgeCandidate(ctx, { source, split, encode });
      const report = await judgeInt8(ctx, { report: verdict, rollout, model, trial });
      await storeGateQueries(ctx, { model, report, queries });
      return settleGate(ctx, { model, report, profile });
    },
  });
}

/** The weights of words and meaning are the whole gain: they are fitted, and nothing else changes. */
async function keepModel(ctx: Ctx, { batchId, transitions }: Rollout): Promise<StepOutcome> {
  if (batchId !== null) await requestRankingFit({ ctx, input: { batchId } });
  return { to: 'rejected', reason: transitions.at(-1)?.reason ?? 'The model stays.' };
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

async function encodeCandidate(
  ctx: Ctx,
  options: OpenTrial & { model: ModelRecord; liveModelId: string; job: JobRun<'evaluation'> },
): Promise<RankedSide> {
  const { model, job, items, judged } = options;
  const { adapter } = model.manifest;
  if (adapter !== undefined && isAdapterOf(model, options.liveModelId))
    return adaptSide(await loadAdapter(ctx, model.id), { ...options, side: adapter.side });
  if (adapter?.side === 'query') throw sourceMoved(model.id);
  const { folder } = await fetchArtefact(ctx, model);
  const started = ctx.deps.clock.now().getTime();
  const rows = await encodeCorpus(ctx, {
    model: { artefactKey: model.artefactKey, folder, imageModelId: model.id },
    items,
    onItems: (done) => {
      const secondsSoFar = (ctx.deps.clock.now().getTime() - started) / 1_000;
      return job.save({ progress: progressOf({ done, total: items.length, note: 'items encoded', secondsSoFar }) });
    },
  });
  const texts = judged.map(({ text }) => text);
  const signal = ctx.signal ?? new AbortController().signal;
  const queries = await ctx.deps.trainer.encode({ modelFolder: folder, texts, kind: 'query', signal });
  const latency = await measureLatency(ctx, { liveModelId: options.liveModelId, folder, texts });
  return { vectors: packVectors(rows), queries, latency };
}
