import { GateReport, type JudgedQuery, type Rollout, type TierReport } from '@embedding-studio/contracts';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { type StudioClient, waitForTask } from '@embedding-studio/sdk';
import {
  allNewSplit,
  type Dataset,
  judgeQueries,
  listTestSplits,
  type NamedSplit,
  trainSplit,
} from '../datasets/index.ts';
import type { Progress } from '../terminal/progress.ts';
import { awaitRollout, requireLive, timeSteps } from './await-rollout.ts';
import type { EvalReport } from './eval-report.ts';
import { feedItems } from './feed-items.ts';
import { type Measured, measureQueries, type Search } from './measure-queries.ts';
import type { OpenRun } from './open-run.ts';
import { replaySessions } from './replay-sessions.ts';

export interface LoopOptions {
  run: OpenRun;
  dataset: Dataset;
  seed: number;
  /** A fine-tuning method. */
  method: string;
  /** Over its defaults. */
  methodSettings?: Record<string, unknown>;
  /** Most that training may take, seconds; 0 trains nothing and compares the retrievers, also before any fit. */
  trainingSeconds: number;
  /** Most queries measured per split; null for all. */
  queriesMax: number | null;
  /** The items are in and the base index is live: see `fillIndex`. */
  isIndexed?: boolean;
  progress: Progress;
}

export interface LoopOutcome {
  splits: NamedSplit[];
  before: Measured;
  after: Measured;
  /** By the weights that a new index starts with; only where nothing is trained. */
  unfitted: { splits: NamedSplit[]; measured: Measured } | null;
  gate: EvalReport['gate'];
  /** How an automatic choice of tier went; null: none was asked for. */
  tiers: TierReport | null;
  isLive: boolean;
  /** What was learnt from, e.g. `10237 sessions of real clicks`. */
  evidence: string;
  timings: Record<string, number>;
}

/** Methods over stored vectors: seconds are their whole budget. */
const adapterMethods: readonly string[] = ['query-adapter', 'shared-adapter'];

/** Items in, a base index, clicks in, measure, train, gate, deploy, reindex, verify, switch, measure again. */
export async function runLoop(options: LoopOptions): Promise<LoopOutcome> {
  const { run, dataset, progress, seed } = options;
  const timings: Record<string, number> = options.isIndexed ? {} : await fillIndex(options);
  const timed = createStopwatch(timings);
  const search = searchWith(run.client);
  const splits = limitSplits(listTestSplits(dataset), options);
  const queries = splits.flatMap((split) => split.queries);
  const isTraining = options.trainingSeconds > 0;
  const unfitted = isTraining ? null : await timed('measure_unfitted', () => measureUnfitted(options, splits));
  progress.say('replaying sessions');
  const replay = await timed('replay', () => replaySessions({ client: run.client, dataset, search, seed }));
  const evidence = `${replay.sessions} ${replay.isSimulated ? 'simulated sessions' : 'sessions of real clicks'}`;
  progress.say(`${evidence}; weighing words against meaning for the base model`);
  const batchId = await timed('fit_ranking', () => fitRanking(options));
  const before = await timed('measure_before', () => measure({ search, queries, progress, label: 'before' }));
  const known = { splits, before, unfitted, evidence, timings };
  if (!isTraining) return { ...known, after: before, gate: nothingTrained, tiers: null, isLive: false };
  const rollout = await improve(options, batchId, timings);
  const isLive = rollout.state === 'live';
  const after = isLive
    ? await timed('measure_after', () => measure({ search, queries, progress, label: 'after' }))
    : before;
  const { tiers } = await run.client.fineTuning.getFineTuning.query({ jobId: rollout.id });
  return { ...known, after, gate: describeGate(rollout), tiers, isLive };
}

/** Items in, a base index; says how many seconds each took. */
export async function fillIndex(options: Pick<LoopOptions, 'run' | 'dataset' | 'progress'>) {
  const { run, dataset, progress } = options;
  const timings: Record<string, number> = {};
  const timed = createStopwatch(timings);
  progress.say(`ingesting ${dataset.items.length} items of ${dataset.name}`);
  await timed('ingest', () => feedItems({ client: run.client, items: dataset.items, progress }));
  await timed('base_index', () => indexBase(options));
  return timings;
}

const nothingTrained: EvalReport['gate'] = { decision: 'rejected', reasons: ['Nothing was trained: --minutes 0.'] };
const trainingQueriesMax = 1_000;
const unfittedQueriesMax = 500;

/** Before any fit training queries judge as well as others; a folder of few queries needs them. */
async function measureUnfitted({ run, dataset, seed, progress }: LoopOptions, splits: NamedSplit[]) {
  const training = judgeQueries(
    dataset,
    dataset.queries.filter(({ split }) => split === trainSplit),
  );
  const named = splits.filter(({ name }) => name !== allNewSplit).flatMap((split) => split.queries);
  const all = [
    ...limitSplits(splits, { queriesMax: unfittedQueriesMax, seed }),
    ...(training.length > trainingQueriesMax ? [] : [{ name: 'train and test', queries: [...training, ...named] }]),
  ];
  const queries = all.flatMap((split) => split.queries);
  const search = searchWith(run.client);
  return { splits: all, measured: await measure({ search, queries, progress, label: 'before any fit' }) };
}

export function searchWith(client: StudioClient): Search {
  return async ({ query, legs, limit }) => {
    const text = query.trim();
    if (text === '') return [];
    const { hits } = await client.search.searchItems.query({ query: text, legs, limit });
    return hits.map(({ itemId }) => itemId);
  };
}

async function indexBase({ run, progress }: Pick<LoopOptions, 'run' | 'progress'>): Promise<void> {
  const { id } = await run.client.rollout.requestInitialIndex.mutate({ modelId: run.model.id });
  requireLive(await awaitRollout({ client: run.client, rolloutId: id, progress }));
}

/**
 * The base ranking gets its best weights from the same clicks first, so that what is measured as gain is the model's,
 * and users lose nothing where the gate then keeps the old model.
 */
async function fitRanking({ run, seed }: LoopOptions): Promise<string> {
  const { batchId } = await run.client.session.releaseBatch.mutate({ releaseId: `studio-${seed}` });
  const task = await run.client.ranking.requestRankingFit.mutate({ batchId });
  await waitForTask(run.client, task.id);
  return batchId;
}

/** Asks for fine-tuning and follows its rollout. Too little to learn from is a refusal, not a failure of the loop. */
async function improve(options: LoopOptions, batchId: string, timings: Record<string, number>): Promise<Rollout> {
  const { run, progress, method, seed, trainingSeconds } = options;
  const budget = trainingSeconds > 300 ? 'standard' : 'quick';
  const isAdapter = adapterMethods.includes(method);
  const { task, rollout } = await run.client.fineTuning.requestFineTuning.mutate({
    method,
    settings: { ...(!isAdapter && { budget }), ...options.methodSettings, seed, secondsMax: trainingSeconds },
    batchId,
    idempotencyKey: `studio-${seed}`,
  });
  const ended = await awaitRollout({ client: run.client, rolloutId: rollout?.id ?? '', progress });
  Object.assign(timings, timeSteps(ended));
  if (ended.state === 'live' || ended.state === 'rejected') return ended;
  const { error } = await run.client.task.getTask.query({ taskId: task.id });
  return error?.code === 'TRAINING_EVIDENCE_MISSING' ? ended : requireLive(ended);
}

function describeGate(rollout: Rollout): EvalReport['gate'] {
  const gate = GateReport.safeParse(rollout.gate);
  if (gate.success) return { decision: gate.data.decision, reasons: gate.data.reasons };
  return { decision: 'rejected', reasons: [rollout.transitions.at(-1)?.reason ?? 'The loop gave no reason.'] };
}

function limitSplits(
  splits: NamedSplit[],
  { queriesMax, seed }: Pick<LoopOptions, 'queriesMax' | 'seed'>,
): NamedSplit[] {
  if (queriesMax === null) return splits;
  return splits.map(({ name, queries }) => ({
    name,
    queries: shuffle(queries, createRandom(seed)).slice(0, queriesMax),
  }));
}

function measure(input: {
  search: Search;
  queries: JudgedQuery[];
  progress: Progress;
  label: string;
}): Promise<Measured> {
  const { progress, label } = input;
  progress.say(`measuring ${label}`);
  let toldAt = performance.now();
  const onProgress = (done: number, total: number) => {
    if (performance.now() - toldAt < 10_000) return;
    toldAt = performance.now();
    progress.detail(`${done} of ${total} queries`);
  };
  return measureQueries({ ...input, onProgress });
}

function createStopwatch(timings: Record<string, number>) {
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    timings[name] = (performance.now() - started) / 1000;
    return result;
  };
}
