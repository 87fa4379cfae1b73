import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AdapterSettings,
  type FineTuningMethod,
  type ModelManifest,
  type ModelRecord,
  StudioError,
  type TrainingDataCard,
  type TrainingReport,
  type TrainingSet,
  type TrainingSettings,
} from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import { derivedId } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { type JobResult, type JobRun, progressOf } from '../job-run.ts';
import { inheritImage } from '../model/inherit-image.ts';
import { registerModel } from '../model/register-model.ts';
import { runStep } from '../rollout/run-step.ts';
import { chooseSettings } from '../settings-search/choose-settings.ts';
import { splitForSearch } from '../settings-search/split-for-search.ts';
import { chooseTier, type TierModel, type TierWork } from '../tiers/choose-tier.ts';
import { splitForTiers, type TierSplit } from '../tiers/split-for-tiers.ts';
import { formatMixing, formatNegatives, formatReplay } from './aid-words.ts';
import { drawBatchSplit, keepTenant, splitSeed, storeSplit } from './batch-split.ts';
import { buildTrainingSet } from './build-training-set.ts';
import { buildValidationSet } from './build-validation-set.ts';
import { chooseDebias } from './choose-debias.ts';
import { describeTrainingData } from './describe-training-data.ts';
import { prepareAids } from './prepare-aids.ts';
import { replayFor } from './replay-batches.ts';
import { type EngineRun, runEngine } from './run-engine.ts';
import { type TrainingTrack, trackTraining, trainingJobId } from './track-training.ts';
import { type FrozenTrainingRows, freezeTrainingRows } from './training-rows/freeze-training-rows.ts';
import { storeTrainingRows } from './training-rows/training-rows-artefact.ts';
import {
  dataCardPath,
  experimentOf,
  manifestPath,
  mixingPath,
  rootName,
  storeTrainingRun,
  tiersPath,
} from './training-run.ts';
import { formatBias, formatCard, formatFrozen, formatNear, warnOfDropped } from './training-words.ts';
import { type MadeModel, writeManifest } from './write-manifest.ts';

/** The fine-tuning job: clicks → examples → training → a checked and registered model, and the rollout moves on. */
export async function runFineTuning({ ctx, input }: { ctx: Ctx; input: JobRun<'fine_tuning'> }): Promise<JobResult> {
  authorise(ctx, 'model.write');
  const { rolloutId } = input.task.input;
  if (rolloutId === null) return { result: await trainModel(ctx, input) };
  return runStep(ctx, {
    rolloutId,
    from: 'requested',
    act: async () => {
      const result = await trainModel(ctx, input);
      const { modelId, adapter, verdict } = result;
      if (modelId === null) return { to: 'trained', reason: verdict ?? '', change: { keepsModel: true }, result };
      const change = { modelId, ...(adapter?.side === 'query' && { movesQueries: true, tenant: adapter.tenant }) };
      return { to: 'trained', reason: `Trained ${modelId}.${verdict ? ` ${verdict}` : ''}`, change, result };
    },
  });
}

interface TrainingOutcome extends Record<string, unknown> {
  /** null: no training was worth it, and the model stays. */
  modelId: string | null;
  adapter?: AdapterSettings;
  /** Of a choice of tier. */
  verdict?: string;
}

async function trainModel(ctx: Ctx, job: JobRun<'fine_tuning'>): Promise<TrainingOutcome> {
  const { baseModelId, batchId } = job.task.input;
  const method = getMethod(ctx, job.task.input.method);
  const given = method.parseSettings(job.task.input.settings);
  const base = await ctx.deps.models.getModel(baseModelId);
  const modelId = derivedId('mdl', `fine_tuning:${job.task.id}`);
  const folder = join(ctx.deps.settings.workFolder, 'training', trainingJobId(job));
  const drawn = await drawBatchSplit(ctx, { batchId, base, folder });
  const split = keepTenant(drawn.split, given.adapter?.tenant ?? null);
  const debias = chooseDebias(split.train, given.debias);
  const search = { job, method, base, split, debias, folder };
  const { settings, searchRunId } = await chooseSettings(ctx, search);
  const tierSplit = settings.tiers ? splitForTiers(split, splitSeed) : { split, judged: split, isApart: false };
  const replay = await replayFor(ctx, { batchId, split, settings, base, folder });
  // What mixes weights does not train, and the gate asks others.
  const { train: learnt, judged: mixing } = settings.wiseFt
    ? splitForSearch(split.train, splitSeed, split.near)
    : { train: split.train, judged: [] };
  const sessions = [...learnt, ...replay.sessions];
  const { trainingSet, dropped } = await buildTrainingSet(ctx, { method, sessions, debias });
  const freeze = (set: TrainingSet) =>
    freezeTrainingRows({ sessions, options: debias.options, trainingSet: set, dropped });
  let frozen = await freeze(trainingSet);
  const described = { split, trainingSet, dropped, debias, near: drawn.near, frozen: frozen.summary };
  const card = describeTrainingData(described);
  const validation = await buildValidationSet(ctx, { heldOut: split.heldOut, seed: splitSeed });
  const output = join(folder, 'output');
  await mkdir(output, { recursive: true });
  const track = await openTrack(ctx, { job, base, settings, card, frozen, searchRunId });
  if (replay.batches > 0) track.say('info', formatReplay(replay));
  const aids = await prepareAids(ctx, { settings, mixing, trainingSet, base, folder });
  if (aids.hardNegatives) {
    track.say('info', formatNegatives(aids.hardNegatives));
    frozen = await freeze(aids.trainingSet);
    await storeTrainingRows(ctx, track.runId, frozen);
  }
  const describe = { base, job, examplesHash: frozen.summary.hash, examples: trainingSet.queries.length };
  const engine = { base, modelId, validation, aids, settings, folder, output, track };
  const { made, verdict } = await train(ctx, { job, tierSplit, engine, describe });
  const { hardNegatives } = aids;
  const counts = { dropped, examples: trainingSet.queries.length, ...(hardNegatives && { hardNegatives }) };
  const outcome = { ...(verdict !== undefined && { verdict }), runId: track.runId, ...counts };
  if (made !== null) await register(ctx, { made, base, runId: track.runId, split: tierSplit });
  await rm(folder, { recursive: true, force: true });
  if (made === null) return { modelId: null, ...outcome };
  const { adapter } = made.settings;
  return { modelId: made.modelId, ...(adapter && { adapter }), report: made.report, ...outcome };
}

async function register(
  ctx: Ctx,
  done: { made: MadeTier; base: ModelRecord; runId: string; split: TierSplit },
): Promise<void> {
  const { made, base, runId } = done;
  const { modelId: id, output } = made;
  await ctx.deps.trainer.checkModel(output, ctx.signal ?? new AbortController().signal);
  const { split, judged, isApart } = done.split;
  const choosing = isApart ? [...judged.heldOut, ...judged.heldOutUnseen] : [];
  await storeSplit(ctx, `models/${id}/`, { ...split, choosing });
  const model = await registerModel(ctx, { id, folder: output, manifest: made.manifest });
  await storeTrainingRun(ctx, { artefactKey: model.artefactKey, runId });
  await ctx.deps.tracker.registerModelVersion({ name: rootName(base), modelId: id, runId });
}

async function openTrack(
  ctx: Ctx,
  run: {
    job: JobRun<'fine_tuning'>;
    base: ModelRecord;
    settings: TrainingSettings;
    card: TrainingDataCard;
    frozen: FrozenTrainingRows;
    searchRunId: string | null;
  },
): Promise<TrainingTrack> {
  const { job, base, card, searchRunId } = run;
  const { threads: _threads, ...settings } = run.settings;
  const { method, batchId } = job.task.input;
  const { queries, pairs } = card;
  const params = { baseModelId: base.id, method, batchId, queries, pairs, ...settings };
  const track = await trackTraining(ctx, { job, experiment: experimentOf(base), params, searchRunId });
  await track.logArtefact(dataCardPath, card);
  await storeTrainingRows(ctx, track.runId, run.frozen);
  track.say('info', formatCard(card));
  if (card.nearQueries !== undefined) track.say('info', formatNear(card.nearQueries));
  track.say('info', formatFrozen(run.frozen.summary));
  if (card.positionBias !== undefined) track.say('info', formatBias(card.positionBias));
  const warning = warnOfDropped(card);
  if (warning !== null) track.say('warn', warning);
  return track;
}

type MadeTier = TierModel & { manifest: ModelManifest };

interface TrainRun {
  job: JobRun<'fine_tuning'>;
  tierSplit: TierSplit;
  engine: EngineRun & { track: TrainingTrack };
  describe: Pick<MadeModel, 'base' | 'job' | 'examplesHash' | 'examples'>;
}

/** The model asked for, or the best of several tiers; null: none was better than no training. */
async function train(ctx: Ctx, run: TrainRun): Promise<{ made: MadeTier | null; verdict?: string }> {
  const { track } = run.engine;
  const manifests = new Map<string, ModelManifest>();
  const make = async (engine: EngineRun): Promise<TrainingReport> => {
    const report = await runEngine(ctx, engine);
    const image = await inheritImage(ctx, engine);
    manifests.set(engine.modelId, await writeManifest({ ...run.describe, ...engine, report, image }));
    return report;
  };
  try {
    const { winner, verdict } = await trainWinner(ctx, run, make);
    const manifest = winner && manifests.get(winner.modelId);
    if (winner?.report.mixing) {
      await track.logArtefact(mixingPath, winner.report.mixing);
      track.say('info', formatMixing(winner.report.mixing));
    }
    if (manifest) await track.logArtefact(manifestPath, manifest);
    await track.finish(winner?.report ?? null);
    return { made: winner && manifest ? { ...winner, manifest } : null, verdict };
  } catch (error) {
    await track.fail(error).catch(() => undefined);
    throw error;
  }
}

async function trainWinner(
  ctx: Ctx,
  { job, engine, tierSplit }: TrainRun,
  make: (engine: EngineRun) => Promise<TrainingReport>,
): Promise<{ winner: TierModel | null; verdict?: string }> {
  const { modelId, settings, output, base, track } = engine;
  if (settings.tiers === undefined) return { winner: { modelId, settings, output, report: await make(engine) } };
  const experimentId = await ctx.deps.tracker.createExperiment(experimentOf(base));
  const onItems: TierWork['onItems'] = (progress) =>
    job.save({ progress: progressOf({ ...progress, note: 'items encoded to compare tiers' }) });
  const work = { ...tierSplit, jobId: trainingJobId(job), engine, experimentId, onItems, train: make };
  const { report, winner } = await chooseTier(ctx, work);
  await track.logArtefact(tiersPath, report);
  return { winner, verdict: report.verdict };
}

function getMethod(ctx: Ctx, name: string): FineTuningMethod {
  const method = ctx.deps.methods[name];
  if (method !== undefined) return method;
  throw new StudioError('INPUT_INVALID', `There is no fine-tuning method ${name}.`, { field: 'method' });
}
