import { join } from 'node:path';
import {
  type FineTuningMethod,
  type JobLogLevel,
  type ModelRecord,
  type SettingsSearch,
  StudioError,
  type TrainingSet,
  type TrainingSettings,
  type ValidationSet,
} from '@embedding-studio/contracts';
import {
  createSeededRandom,
  type HalvingStep,
  nextStep,
  planHalving,
  type Rung,
  type SearchPoint,
  spreadPoints,
} from '@embedding-studio/stats';
import { sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import type { SessionSplit } from '../evaluation/split-sessions.ts';
import { buildTrainingSet } from '../fine-tuning/build-training-set.ts';
import { buildValidationSet } from '../fine-tuning/build-validation-set.ts';
import type { Debias } from '../fine-tuning/choose-debias.ts';
import { prepareAids } from '../fine-tuning/prepare-aids.ts';
import { trainingJobId } from '../fine-tuning/track-training.ts';
import { experimentOf } from '../fine-tuning/training-run.ts';
import { paramsOf } from '../fine-tuning/training-words.ts';
import type { JobRun } from '../job-run.ts';
import { fetchArtefact } from '../model/fetch-artefact.ts';
import { runTrial } from './run-trial.ts';
import { mergeSettings, resolveSpace } from './search-space.ts';
import { sayBest, sayPlan, sayTrial } from './search-words.ts';
import { splitForSearch } from './split-for-search.ts';
import { listTrialRuns, openTrialRun, toResults } from './trial-runs.ts';

/** Shorter trainings tell one setting from another by luck. */
const secondsMin = 5;
/** The rest is for opening the model and measuring. */
const trainingShare = 0.85;
const validationQueries = 128;

export interface SearchWork {
  job: JobRun<'fine_tuning'>;
  search: SettingsSearch;
  method: FineTuningMethod;
  base: ModelRecord;
  split: SessionSplit;
  debias: Debias;
  /** Of the job; trials have folders of their own below it. */
  folder: string;
}

interface OpenSearch extends SearchWork {
  experimentId: string;
  searchRunId: string;
  plan: Rung[];
  points: SearchPoint[];
  say(level: JobLogLevel, message: string): Promise<void>;
}

interface Material {
  trainingSet: TrainingSet;
  validation: ValidationSet;
  modelFolder: string;
}

/**
 * Successive halving: many short trainings, of which the best third goes on with three times the time, until the budget
 * ends. What has been tried stands in the tracker, so that a search which was cut short goes on where it was.
 */
export async function searchSettings(
  ctx: Ctx,
  work: SearchWork,
): Promise<{ settings: Record<string, unknown>; searchRunId: string }> {
  const search = await openSearch(ctx, work);
  const { searchRunId, experimentId, plan } = search;
  const { secondsMax } = work.search;
  const given = work.job.task.input.settings;
  let material: Material | null = null;
  for (;;) {
    ctx.signal?.throwIfAborted();
    const done = toResults(await listTrialRuns(ctx, { experimentId, searchRunId }));
    const step = nextStep(plan, done, secondsMax);
    if (step.kind === 'done') {
      const point = step.best === null ? {} : (search.points[step.best.trial] ?? {});
      await search.say(step.best === null ? 'warn' : 'info', sayBest({ step, point, done }));
      await ctx.deps.tracker.endRun(searchRunId, 'FINISHED');
      return { settings: mergeSettings(given, point), searchRunId };
    }
    material ??= await gather(ctx, work);
    await reportProgress(search, { step, done: done.length, spent: done.reduce((sum, one) => sum + one.seconds, 0) });
    await runStep(ctx, search, { step, material });
  }
}

async function openSearch(ctx: Ctx, work: SearchWork): Promise<OpenSearch> {
  const { job, search, method, base } = work;
  const { tracker, clock, jobLogs } = ctx.deps;
  const jobId = trainingJobId(job);
  const space = resolveSpace(ctx, { method, settings: job.task.input.settings, search });
  const plan = planHalving({ trials: search.trials, secondsMax: search.secondsMax * trainingShare, secondsMin });
  const count = plan[0]?.trials ?? 1;
  // The first trial is what would be trained without a search: nothing worse than that is ever chosen.
  const points = [{}, ...spreadPoints(space, count - 1, createSeededRandom(search.seed))];
  const experimentId = await tracker.createExperiment(experimentOf(base));
  const params = paramsOf({ method: method.name, batchId: job.task.input.batchId, ...search, space });
  const searchRunId = await tracker.createRun({ experimentId, name: `${jobId} search`, params });
  await job.save({ checkpoint: { searchRunId } });
  const say: OpenSearch['say'] = (level, message) =>
    jobLogs.appendLines(jobId, [{ level, message, at: clock.now() }]).then(() => undefined);
  await say('info', sayPlan({ plan, space, secondsMax: search.secondsMax }));
  return { ...work, experimentId, searchRunId, plan, points, say };
}

async function gather(ctx: Ctx, { method, split, debias, search, base }: SearchWork): Promise<Material> {
  const { train, judged } = splitForSearch(split.train, search.seed, split.near);
  const { trainingSet } = await buildTrainingSet(ctx, { method, sessions: train, debias });
  const validation = await buildValidationSet(ctx, {
    ...{ heldOut: judged, seed: search.seed, queriesMax: validationQueries },
  });
  if (validation === undefined)
    throw new StudioError('TRAINING_EVIDENCE_MISSING', 'No query is left to choose settings by.', {
      publicMessage: 'Too few sessions to search settings: train without a search, or collect more.',
    });
  return { trainingSet, validation, modelFolder: (await fetchArtefact(ctx, base)).folder };
}

type RunStep = Extract<HalvingStep, { kind: 'run' }>;

async function runStep(ctx: Ctx, search: OpenSearch, work: { step: RunStep; material: Material }): Promise<void> {
  const { step, material } = work;
  const { trial, rung } = step;
  const point = search.points[trial] ?? {};
  const name = `${trainingJobId(search.job)} trial ${trial + 1}.${rung + 1}`;
  const settings = settingsOf(ctx, search, { point, seconds: step.seconds });
  const { threads: _threads, ...shown } = settings;
  const params = paramsOf({ method: search.method.name, trial, rung, ...shown });
  const { experimentId, searchRunId } = search;
  const run = await openTrialRun(ctx, { experimentId, searchRunId, name, params, trial, rung, point });
  if (run === null)
    return search.say('warn', `Trial ${trial + 1} took its worker down too often and counts as failed.`);
  const folder = join(search.folder, 'trials', `${trial}-${rung}`);
  const prepare = () => prepareTrialAids(ctx, search, { settings, trainingSet: material.trainingSet });
  const outcome = await runTrial(ctx, { run, settings, folder, prepare, ...material });
  await search.say(outcome.score === null ? 'warn' : 'info', sayTrial({ step, point, outcome }));
}

/** Mined once for all trials that ask for the same. */
async function prepareTrialAids(
  ctx: Ctx,
  { base, folder }: OpenSearch,
  { settings, trainingSet }: { settings: TrainingSettings; trainingSet: TrainingSet },
) {
  const name = `aids-${sha256(JSON.stringify(settings.hardNegatives ?? null)).slice(0, 8)}`;
  const request = { settings, mixing: [], trainingSet, base, folder: join(folder, 'trials', name) };
  const { hardNegatives: _counted, ...aids } = await prepareAids(ctx, request);
  return aids;
}

function settingsOf(ctx: Ctx, search: OpenSearch, trial: { point: SearchPoint; seconds: number }): TrainingSettings {
  const wanted = search.method.parseSettings(mergeSettings(search.job.task.input.settings, trial.point));
  const threads = ctx.deps.settings.trainingThreads;
  return { ...wanted, threads, secondsMax: trial.seconds, stepsMax: null, wiseFt: false };
}

async function reportProgress(
  { job, search, plan }: OpenSearch,
  { step, done, spent }: { step: RunStep; done: number; spent: number },
): Promise<void> {
  const trials = plan.reduce((sum, rung) => sum + rung.trials, 0);
  const left = Math.max(0, Math.round(search.secondsMax - spent));
  const note = `settings search, trial ${step.trial + 1}`;
  await job.save({ progress: { done, total: trials, note, secondsLeft: left } });
}
