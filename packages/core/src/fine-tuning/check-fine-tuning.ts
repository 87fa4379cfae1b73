import { isStudioError, type TrackedRun, type TrainingSettings } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { experimentOf } from './training-run.ts';

export const CheckFineTuningInput = z.object({
  method: z.string().min(1).max(64),
  settings: z.record(z.string(), z.unknown()).default({}),
  /** Default: the model of the live collection. */
  baseModelId: z.string().min(1).max(128).optional(),
  /** Default: what is collecting. */
  batchId: z.string().min(1).max(128).optional(),
});
export type CheckFineTuningInput = z.input<typeof CheckFineTuningInput>;

export interface FineTuningEstimate {
  /** null: nothing was trained yet to measure by. */
  seconds: number | null;
  /** What is expected to end training. */
  boundBy: 'epochs' | 'steps' | 'seconds';
  secondsMax: number | null;
  queriesPerSecond: number | null;
  /** Queries of one epoch, as far as sessions tell. */
  queries: number;
  /** Finished runs that the pace was taken from. */
  basedOnRuns: number;
}

export interface FineTuningCheck {
  problems: { field: string; message: string }[];
  /** With all defaults filled in; null while there are problems. */
  settings: TrainingSettings | null;
  estimate: FineTuningEstimate | null;
}

/** Says before the start what is wrong with the settings, field by field, and how long training would take. */
export async function checkFineTuning({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CheckFineTuningInput;
}): Promise<FineTuningCheck> {
  authorise(ctx, 'rollout.read');
  const request = parseInput(CheckFineTuningInput, input);
  const problems = findProblems(ctx, request);
  const method = ctx.deps.methods[request.method];
  if (problems.length > 0 || method === undefined) return { problems, settings: null, estimate: null };
  const settings = method.parseSettings(request.settings);
  return { problems, settings, estimate: await estimate(ctx, { ...request, training: settings }) };
}

function findProblems(ctx: Ctx, { method: name, settings }: z.output<typeof CheckFineTuningInput>) {
  const method = ctx.deps.methods[name];
  if (method === undefined) return [{ field: 'method', message: `There is no method ${name}.` }];
  const config = ctx.deps.plugins.findPlugin('fine-tuning-method', name)?.config;
  const parsed = config?.safeParse(settings);
  if (parsed !== undefined && !parsed.success)
    return parsed.error.issues.flatMap((issue) => {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [''];
      const path = issue.path.map(String);
      return unknown.map((key) => ({
        field: [...path, ...(key === '' ? [] : [key])].join('.'),
        message: key === '' ? issue.message : 'is not a setting of this method',
      }));
    });
  try {
    method.parseSettings(settings);
    return [];
  } catch (error) {
    if (!isStudioError(error)) throw error;
    return [{ field: error.field ?? '', message: error.publicMessage }];
  }
}

interface EstimateRequest {
  method: string;
  baseModelId?: string;
  batchId?: string;
  training: TrainingSettings;
}

const runsWanted = 20;
/** Of the sessions of a batch, until a run has shown better. */
const usableShare = 0.7;

async function estimate(ctx: Ctx, request: EstimateRequest): Promise<FineTuningEstimate> {
  const { training } = request;
  const sessions = await countSessions(ctx, request.batchId);
  const runs = (await findRuns(ctx, request)).filter((run) => isAlike(run, request));
  const pace = median(runs.flatMap(({ metrics }) => metrics.examplesPerSecond ?? []));
  const queries = Math.round(sessions * usableShare);
  const wanted = queries * training.epochsMax;
  const bySteps =
    training.stepsMax === null ? Infinity : training.stepsMax * training.batchQueries * training.accumulationSteps;
  const seconds = pace === null || pace <= 0 ? null : Math.min(wanted, bySteps) / pace;
  const limit = training.secondsMax ?? Infinity;
  const isCut = seconds !== null && seconds > limit;
  return {
    seconds: seconds === null ? null : Math.round(Math.min(seconds, limit)),
    boundBy: isCut ? 'seconds' : bySteps < wanted ? 'steps' : 'epochs',
    secondsMax: training.secondsMax,
    queriesPerSecond: pace,
    queries,
    basedOnRuns: runs.length,
  };
}

async function countSessions(ctx: Ctx, batchId: string | undefined): Promise<number> {
  if (batchId !== undefined) return (await ctx.deps.sessions.getBatch(batchId)).sessionCount;
  const batches = await ctx.deps.sessions.listBatches({ offset: 0, limit: 20 });
  return batches.find(({ status }) => status === 'collecting')?.sessionCount ?? 0;
}

async function findRuns(ctx: Ctx, { baseModelId }: EstimateRequest): Promise<TrackedRun[]> {
  const live = baseModelId === undefined ? await ctx.deps.collections.findLive() : null;
  const modelId = baseModelId ?? (live && (await ctx.deps.collections.getCollection(live.collectionId)).modelId);
  if (!modelId) return [];
  const wanted = experimentOf(await ctx.deps.models.getModel(modelId));
  const experiments = await ctx.deps.tracker.listExperiments({ after: null, limit: 1_000 });
  const experimentId = experiments.find(({ name }) => name === wanted)?.experimentId;
  if (experimentId === undefined) return [];
  const search = { experimentId, status: 'FINISHED' as const, after: null, limit: runsWanted };
  return (await ctx.deps.tracker.searchRuns(search)).runs;
}

/** What decides how long a step takes. */
function isAlike({ params }: TrackedRun, { method, training }: EstimateRequest): boolean {
  const { trainable, maxTokens } = training;
  return (
    params.method === method && params['trainable.kind'] === trainable.kind && params.maxTokens === String(maxTokens)
  );
}

function median(values: readonly number[]): number | null {
  const sorted = values.filter((value) => Number.isFinite(value) && value > 0).sort((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
