import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  type ValidationSet,
} from '@embedding-studio/contracts';
import { trainAdapterModel } from '../adapter/train-adapter-model.ts';
import { authorise } from '../authorise.ts';
import { derivedId, sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { fetchArtefact } from '../model/fetch-artefact.ts';
import { inheritImage } from '../model/inherit-image.ts';
import { registerModel } from '../model/register-model.ts';
import { runStep } from '../rollout/run-step.ts';
import { chooseSettings } from '../settings-search/choose-settings.ts';
import { formatMixing, formatNegatives, formatReplay } from './aid-words.ts';
import { drawBatchSplit, keepTenant, splitSeed, storeSplit } from './batch-split.ts';
import { buildTrainingSet } from './build-training-set.ts';
import { buildValidationSet } from './build-validation-set.ts';
import { chooseDebias } from './choose-debias.ts';
import { describeTrainingData } from './describe-training-data.ts';
import { prepareAids, type TrainingAids } from './prepare-aids.ts';
import { replayFor } from './replay-batches.ts';
import { type TrainingTrack, trackTraining, trainingJobId } from './track-training.ts';
import { type FrozenTrainingRows, freezeTrainingRows } from './training-rows/freeze-training-rows.ts';
import { storeTrainingRows } from './training-rows/training-rows-artefact.ts';
import { dataCardPath, experimentOf, manifestPath, mixingPath, rootName, storeTrainingRun } from './training-run.ts';
import { formatBias, formatCard, formatFrozen, warnOfDropped } from './training-words.ts';

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
      const { modelId, adapter } = result;
      const change = { modelId, ...(adapter?.side === 'query' && { movesQueries: true, tenant: adapter.tenant }) };
      return { to: 'trained', reason: `Trained ${modelId}.`, change, result };
    },
  });
}

interface TrainingOutcome extends Record<string, unknown> {
  modelId: string;
  adapter?: AdapterSettings;
}

async function trainModel(ctx: Ctx, job: JobRun<'fine_tuning'>): Promise<TrainingOutcome> {
  const { baseModelId, batchId } = job.task.input;
  const method = getMethod(ctx, job.task.input.method);
  const given = method.parseSettings(job.task.input.settings);
  const base = await ctx.deps.models.getModel(baseModelId);
  const modelId = derivedId('mdl', `fine_tuning:${job.task.id}`);
  const split = keepTenant(await drawBatchSplit(ctx, batchId), given.adapter?.tenant ?? null);
  const debias = chooseDebias(split.train, given.debias);
  const folder = join(ctx.deps.settings.workFolder, 'training', trainingJobId(job));
  const search = { job, method, base, split, debias, folder };
  const { settings, searchRunId } = await chooseSettings(ctx, search);
  const replay = await replayFor(ctx, { batchId, split, settings });
  const sessions = [...split.train, ...replay.sessions];
  const { trainingSet, dropped } = await buildTrainingSet(ctx, { method, sessions, debias });
  const freeze = (set: TrainingSet) =>
    freezeTrainingRows({ sessions, options: debias.options, trainingSet: set, dropped });
  let frozen = await freeze(trainingSet);
  const card = describeTrainingData({ split, trainingSet, dropped, debias, frozen: frozen.summary });
  const validation = await buildValidationSet(ctx, { heldOut: split.heldOut, seed: splitSeed });
  const output = join(folder, 'output');
  await mkdir(output, { recursive: true });
  const track = await openTrack(ctx, { job, base, settings, card, frozen, searchRunId });
  if (replay.batches > 0) track.say('info', formatReplay(replay));
  const aids = await prepareAids(ctx, { settings, split, trainingSet, base, folder });
  if (aids.hardNegatives) {
    track.say('info', formatNegatives(aids.hardNegatives));
    frozen = await freeze(aids.trainingSet);
    await storeTrainingRows(ctx, track.runId, frozen);
  }
  const report = await train(ctx, { track, base, modelId, validation, aids, settings, folder, output });
  const image = await inheritImage(ctx, { base, output });
  const manifest = await writeManifest({ base, modelId, job, settings, frozen, trainingSet, output, report, image });
  await ctx.deps.trainer.checkModel(output, signalOf(ctx));
  await storeSplit(ctx, `models/${modelId}/`, split);
  const model = await registerModel(ctx, { id: modelId, folder: output, manifest });
  await track.logArtefact(manifestPath, manifest);
  await storeTrainingRun(ctx, { artefactKey: model.artefactKey, runId: track.runId });
  await ctx.deps.tracker.registerModelVersion({ name: rootName(base), modelId: model.id, runId: track.runId });
  await rm(folder, { recursive: true, force: true });
  const { hardNegatives } = aids;
  const counts = { dropped, examples: trainingSet.queries.length, ...(hardNegatives && { hardNegatives }) };
  const { adapter } = settings;
  return { modelId, ...(adapter && { adapter }), runId: track.runId, report, ...counts };
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
  track.say('info', formatFrozen(run.frozen.summary));
  if (card.positionBias !== undefined) track.say('info', formatBias(card.positionBias));
  const warning = warnOfDropped(card);
  if (warning !== null) track.say('warn', warning);
  return track;
}

interface EngineRun {
  track: TrainingTrack;
  base: ModelRecord;
  modelId: string;
  validation: ValidationSet | undefined;
  aids: TrainingAids;
  settings: TrainingSettings;
  folder: string;
  output: string;
}

async function train(ctx: Ctx, run: EngineRun): Promise<TrainingReport> {
  const { track } = run;
  try {
    const report = await runEngine(ctx, run);
    if (report.mixing) {
      await track.logArtefact(mixingPath, report.mixing);
      track.say('info', formatMixing(report.mixing));
    }
    await track.finish(report);
    return report;
  } catch (error) {
    await track.fail(error).catch(() => undefined);
    throw error;
  }
}

/** A small map over stored vectors, or the encoder itself. */
async function runEngine(ctx: Ctx, run: EngineRun): Promise<TrainingReport> {
  const { base, settings, validation, output: outputFolder, folder, track } = run;
  const { onProgress, onValidation } = track;
  const { hardNegatives: _counted, ...aids } = run.aids;
  if (settings.adapter !== undefined) {
    const artefactKey = `models/${run.modelId}/`;
    const { trainingSet } = aids;
    return trainAdapterModel(ctx, { base, artefactKey, trainingSet, settings, outputFolder, onProgress, onValidation });
  }
  return ctx.deps.trainer.train({
    modelFolder: (await fetchArtefact(ctx, base)).folder,
    outputFolder,
    checkpointFolder: join(folder, 'checkpoints'),
    ...{ settings, validation, ...aids, onProgress, onValidation },
    signal: signalOf(ctx),
  });
}

async function writeManifest(made: {
  base: ModelRecord;
  modelId: string;
  job: JobRun<'fine_tuning'>;
  settings: TrainingSettings;
  frozen: FrozenTrainingRows;
  trainingSet: TrainingSet;
  output: string;
  report: TrainingReport;
  image: Pick<ModelManifest['files'], 'image.onnx'>;
}): Promise<ModelManifest> {
  const { base, modelId, job, settings, frozen, trainingSet, output, report, image } = made;
  const hashOf = async (file: string) => sha256(await readFile(join(output, file)));
  const manifest: ModelManifest = {
    ...base.manifest,
    // Measured on the parent's weights.
    variants: undefined,
    name: `${rootName(base)}-${modelId.slice(4, 12)}`,
    parentId: base.id,
    adapter: settings.adapter && { of: base.id, side: settings.adapter.side, rank: settings.adapter.rank },
    method: { name: job.task.input.method, settings: describeSettings(settings, report) },
    ...describePrefixes(settings, base),
    trainedOn: {
      batchId: job.task.input.batchId ?? '',
      examplesHash: frozen.summary.hash,
      examples: trainingSet.queries.length,
    },
    files: { 'model.onnx': await hashOf('model.onnx'), 'tokenizer.json': await hashOf('tokenizer.json'), ...image },
  };
  await writeFile(join(output, 'manifest.json'), JSON.stringify(manifest, null, 2));
  return manifest;
}

/** With what was only known after training. */
function describeSettings(settings: TrainingSettings, { mixing }: TrainingReport): Record<string, unknown> {
  return { ...settings, ...(mixing && { mixedAlpha: mixing.alpha }) };
}

/** The whole vector is always one of the lengths that were trained. */
function describePrefixes(
  { loss }: TrainingSettings,
  { manifest }: ModelRecord,
): Pick<ModelManifest, 'matryoshkaDims'> {
  const lengths = loss.matryoshkaDims ?? [];
  return { matryoshkaDims: lengths.length > 0 ? [...new Set([...lengths, manifest.dims])] : undefined };
}

function getMethod(ctx: Ctx, name: string): FineTuningMethod {
  const method = ctx.deps.methods[name];
  if (method !== undefined) return method;
  throw new StudioError('INPUT_INVALID', `There is no fine-tuning method ${name}.`, { field: 'method' });
}

function signalOf(ctx: Ctx): AbortSignal {
  return ctx.signal ?? new AbortController().signal;
}
