import type { MixingReport } from '@embedding-studio/contracts';
import { loadTokenizer, type TextTokenizer } from '../text/tokenizer.ts';
import { createBatchStream } from './batch-stream.ts';
import type { BatchTensorSource } from './batch-tensors.ts';
import { createCachedEngine } from './cached-engine.ts';
import { createRunState, openCheckpoints, type RunState } from './checkpoint.ts';
import { prepareExamples } from './examples.ts';
import { patchWeights, writeModelFiles } from './export-weights.ts';
import { createGradientEngine, type GradientEngine } from './gradient-engine.ts';
import { mixWeights } from './mix-weights.ts';
import { type LoadedModel, loadModelFolder, sha256 } from './model-folder.ts';
import { openBaseTeacher } from './open-base-teacher.ts';
import { resolveLoss } from './resolve-loss.ts';
import { createStepClock } from './step-clock.ts';
import { type MixingParts, sweepMixes } from './sweep-mixes.ts';
import type { TrainerReport, TrainingHost, TrainingJob } from './training-job.ts';
import { runSteps } from './training-loop.ts';
import type { SessionOptions } from './training-session.ts';
import { createStepValidation, type StepValidation } from './validate-steps.ts';

/**
 * Trains and writes `model.onnx` and `tokenizer.json`. Resumes from the newest whole checkpoint of the same model,
 * examples and settings; without `secondsMax` the resumed result equals the uninterrupted one bit for bit.
 *
 * Memory: trained weights × 4 (values, gradients, two moments; × 5 with accumulation) plus the activations of ONE
 * micro-batch, about 46 floats × hidden size per token and trained layer. Accumulation adds time, not memory: to fit
 * a machine, lower `batchQueries` and raise `accumulationSteps`; or, to keep all negatives of a large batch, let
 * `gradCache` take its texts through the graph in parts.
 * @throws StudioError TRAINING_EVIDENCE_MISSING, GRAPH_UNSUPPORTED, MODEL_INVALID, ABORTED (checkpoint kept).
 */
export async function runTraining(request: TrainingJob, host: TrainingHost): Promise<TrainerReport> {
  const started = host.now();
  const model = loadModelFolder(request.modelFolder);
  const { dims } = model.manifest;
  const resolved = resolveLoss(request.settings.loss, dims);
  // An anchor holds item vectors in place: rows that stay need none.
  const loss = request.trainingSet.itemRows ? { ...resolved, anchor: 0 } : resolved;
  const settings = { ...request.settings, loss };
  const job = { ...request, settings };
  const set = prepareExamples(job.trainingSet, { needsSkipped: loss.kind !== 'contrastive', dims });
  const maxTokens = Math.min(settings.maxTokens, model.manifest.maxTokens);
  const tokenizer = loadTokenizer(model.tokenizerJson, { maxTokens });
  const engine = await openEngine(model, job, host);
  const session = sessionOf(job, { host, engine });
  const teacher = await openBaseTeacher({ job, model, set, tokenizer, session });
  try {
    const source: BatchTensorSource = { set, loss: settings.loss, manifest: model.manifest, tokenizer };
    const checkpoints = openCheckpoints(job.checkpointFolder, identityOf(job, model), host.warn);
    const stream = createBatchStream(set, settings);
    const state = checkpoints.restore(engine.tensors) ?? createRunState();
    const resumedFromStep = state.step;
    const secondsBefore = state.seconds + (host.now() - started) / 1000;
    const clock = createStepClock(settings, { stepsTotal: stream.stepsTotal, secondsBefore, now: host.now });
    const validation = openValidation({ job, host, model, engine, tokenizer });
    const stoppedBy = await runSteps({
      ...{ job, host, engine, source, stream, checkpoints, clock, validation, teacher, state },
    });
    const trained = { tensors: engine.tensors, adapters: engine.forward.adapters };
    const mixing = await mix({ job, host, model, trained, tokenizer, session });
    const weights = mixing ? mixWeights(model.onnx, trained, mixing.alpha) : trained;
    writeModelFiles(job.outputFolder, model, patchWeights(model.onnx, weights));
    const extent = { examples: set.examples.length, dropped: set.dropped, seconds: clock.elapsed() };
    return {
      ...describeState(state),
      ...describeEngine(engine),
      ...extent,
      stoppedBy,
      resumedFromStep,
      ...(mixing && { mixing }),
    };
  } finally {
    await teacher?.release();
    await engine.release();
  }
}

/** Of one graph: about 3 GiB of activations with a six-layer encoder. Above it texts go through in parts. */
const batchInOneGraph = 192;
const defaultChunk = 64;

function openEngine(model: LoadedModel, job: TrainingJob, host: TrainingHost): Promise<GradientEngine> {
  const { loss, trainable, seed, threads, gradCache, batchQueries } = job.settings;
  const session = { threads, executionProviders: job.executionProviders, warn: host.warn };
  const hasFixedItems = job.trainingSet.itemRows !== undefined;
  const options = { manifest: model.manifest, loss, trainable, seed, hasFixedItems };
  // Queries alone are short: one graph holds them.
  if (hasFixedItems) return createGradientEngine(model.onnx, options, session);
  const chunk = gradCache?.chunk ?? (batchQueries > batchInOneGraph ? defaultChunk : null);
  return chunk === null
    ? createGradientEngine(model.onnx, options, session)
    : createCachedEngine(model.onnx, { ...options, chunk }, session);
}

/** What opens beside the engine runs where the engine does. */
function sessionOf(job: TrainingJob, { host, engine }: { host: TrainingHost; engine: GradientEngine }): SessionOptions {
  return { threads: job.settings.threads, executionProviders: [engine.executionProvider], warn: host.warn };
}

async function mix(
  parts: Pick<MixingParts, 'model' | 'trained' | 'tokenizer' | 'session'> & { job: TrainingJob; host: TrainingHost },
): Promise<MixingReport | null> {
  const { job, host, ...rest } = parts;
  if (!job.settings.wiseFt) return null;
  const { mixing: set } = job;
  if (set !== undefined && set.queries.length > 0)
    return sweepMixes({ ...rest, set, now: host.now, isAborted: host.isAborted });
  host.warn({}, 'weights are not mixed: there are no held-out queries to choose by');
  return null;
}

function openValidation(parts: {
  job: TrainingJob;
  host: TrainingHost;
  model: LoadedModel;
  engine: GradientEngine;
  tokenizer: TextTokenizer;
}): StepValidation | null {
  const { job, host, ...rest } = parts;
  const { onValidation } = host;
  if (job.validation === undefined || onValidation === undefined) return null;
  const session = {
    threads: job.settings.threads,
    executionProviders: job.executionProviders,
    warn: host.warn,
  };
  return createStepValidation({ ...rest, set: job.validation, session, now: host.now, onPoint: onValidation });
}

// Threads, budget and checkpoint rhythm may change between attempts: they do not change which run it is.
function identityOf({ trainingSet, settings, anchorTexts }: TrainingJob, model: LoadedModel): string {
  const { threads: _threads, checkpointEverySteps: _rhythm, secondsMax: _budget, ...shaping } = settings;
  const { itemRows, ...texts } = trainingSet;
  const examples = itemRows ? { ...texts, rows: [itemRows.ids, sha256(bytesOf(itemRows.values))] } : texts;
  return sha256(
    JSON.stringify([1, sha256(model.onnx), sha256(model.tokenizerJson), shaping, examples, ...(anchorTexts ?? [])]),
  );
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) => new Uint8Array(buffer, byteOffset, byteLength);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function describeState(state: RunState) {
  return {
    steps: state.step,
    lossFirst: mean(state.lossesFirst),
    lossLast: mean(state.lossesLast),
    activePairsFirst: state.pairsFirst,
    activePairsLast: state.pairsLast,
  };
}

function describeEngine({ tensors, executionProvider }: GradientEngine) {
  const trainableParameters = tensors.reduce((count, tensor) => count + tensor.values.length, 0);
  return { trainableParameters, executionProvider };
}
