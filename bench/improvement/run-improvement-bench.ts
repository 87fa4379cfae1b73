import { writeFile } from 'node:fs/promises';
import { type RankingProfile, StudioError } from '@embedding-studio/contracts';
import {
  applyDeltas,
  type Ctx,
  importSessions,
  releaseBatch,
  requestImprovement,
  requestRankingFit,
  updateImprovement,
} from '@embedding-studio/core';
import { loadHandlers } from '@embedding-studio/core/jobs';
import { personalStepMax } from '@embedding-studio/ml/improvement';
import { runTask } from '@embedding-studio/queue';
import { type Dataset, type NamedSplit, trainSplit } from '../../apps/studio/src/datasets/index.ts';
import { describeSession } from '../../apps/studio/src/eval/replay-sessions.ts';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { type Bench, openBench } from '../loop/open-bench.ts';
import { describeMachine } from '../machine.ts';
import { compareWithVerb, findHeldOut, type HeldOutQuery, listHeldOut, rankIds } from './held-out-queries.ts';
import { loadLearned, measureOverlay, type Tried, tryLimits, type Ways } from './measure-overlay.ts';
import { measurePersonal, type PersonalWays } from './measure-personal.ts';
import { renderImprovement } from './render-improvement.ts';

export interface ImprovementBenchOptions {
  data?: string;
  model: string;
  folder?: string;
  isReused: boolean;
  json?: string;
}

export interface ImprovementReport {
  dataset: string;
  model: string;
  sessions: number;
  learned: { items: number; evidence: number };
  /** On `val` alone. */
  tried: { overlay: Tried[]; personal: { stepMax: number; ways: PersonalWays }[] };
  splits: Record<string, { overlay: Ways; personal: PersonalWays }>;
}

const sessionsPerRequest = 250;
/** Two minutes of embedding on two cores. */
const wordsMax = 300_000;
const steps = [0.1, 0.3, 0.6];
const shrinkages = [5, 20];
const cosines = [0.97, 0.9];
const personalSteps = [0.1, 0.3, 0.6];

/** Clicks of training sessions go into the overlay by the product's own verbs; held-out queries say what it is worth. */
export async function runImprovementBench(options: ImprovementBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const bench = await openBench({ ...options, itemsMax: Number.POSITIVE_INFINITY, wordsMax, progress });
  try {
    const { ctx, dataset, collectionId } = bench;
    const sessions = await learn(bench);
    const splits = listHeldOut(dataset);
    progress.say('asking every held-out query once');
    const found = await findHeldOut(ctx, splits);
    const { ranking: profile } = await ctx.deps.collections.getCollection(collectionId);
    await checkOrder(ctx, { found, collectionId, profile });
    const queriesOf = ({ queries }: NamedSplit) => queries.flatMap(({ queryId }) => found.get(queryId) ?? []);
    const [validation] = splits;
    const report: ImprovementReport = {
      ...{ dataset: dataset.name, model: bench.files.manifest.name, sessions },
      learned: await ctx.deps.improvement.countDeltas(collectionId),
      tried: await trySettings(bench, { queries: validation ? queriesOf(validation) : [], profile }),
      splits: {},
    };
    for (const split of splits) {
      progress.say(`measuring ${split.name}`);
      const given = { queries: queriesOf(split), collectionId, profile };
      report.splits[split.name] = {
        overlay: await measureOverlay(ctx, given),
        personal: await measurePersonal(ctx, given),
      };
    }
    process.stdout.write(`${renderImprovement(report)}\n`);
    if (options.json !== undefined)
      await writeFile(options.json, `${JSON.stringify({ machine: describeMachine(), profile, ...report }, null, 2)}\n`);
    return {
      isGoalMissed: Object.values(report.splits).some(({ overlay }) => overlay.fused.measures.ndcg10.delta.hi < 0),
    };
  } finally {
    await bench.close();
  }
}

/** Sessions of training queries in, weights of the fusion fitted on them, and all that they say learned. */
async function learn({ ctx, dataset, collectionId, progress }: Bench): Promise<number> {
  const sessions = sessionsToLearn(dataset);
  for (let start = 0; start < sessions.length; start += sessionsPerRequest)
    await importSessions({
      ctx,
      input: {
        sessions: sessions.slice(start, start + sessionsPerRequest).map((one) => describeSession(one, trainSplit)),
      },
    });
  progress.say(`${sessions.length} sessions given; fitting the fusion, then learning`);
  const { batchId } = await releaseBatch({ ctx, input: { releaseId: 'bench' } });
  await finish(ctx, (await requestRankingFit({ ctx, input: { batchId } })).id);
  await updateImprovement({ ctx, input: { isOn: true } });
  // What an earlier run left was learned under its limits.
  await ctx.deps.improvement.updateState(collectionId, { cursor: null });
  await finish(ctx, (await requestImprovement({ ctx, input: {} })).id);
  return sessions.length;
}

function sessionsToLearn({ name, sessions, queries }: Dataset) {
  if (sessions === null) throw new StudioError('INPUT_INVALID', `${name} has no clicks of people.`, { field: 'data' });
  const training = new Set(queries.filter(({ split }) => split === trainSplit).map(({ id }) => id));
  return sessions.filter(({ queryId }) => training.has(queryId));
}

async function finish(ctx: Ctx, taskId: string): Promise<void> {
  const { tasks, log } = ctx.deps;
  const handlers = await loadHandlers(ctx.deps, ['improvement']);
  await runTask(taskId, { tasks, handlers, log, retryDelaySeconds: () => 0, onFailure: async () => undefined });
  const { status, error } = await tasks.getTask(taskId);
  if (status !== 'done') throw new StudioError('INTERNAL', `a task ended ${status}: ${error?.message}`);
}

async function checkOrder(
  ctx: Ctx,
  given: { found: ReadonlyMap<string, HeldOutQuery>; collectionId: string; profile: RankingProfile },
): Promise<void> {
  const { found, collectionId, profile } = given;
  await compareWithVerb(ctx, [...found.values()], async ({ vector, candidates }) =>
    rankIds(await applyDeltas(ctx, { collectionId, queryVector: vector, candidates }), profile),
  );
}

async function trySettings(
  { ctx, items, collectionId, progress }: Bench,
  given: { queries: readonly HeldOutQuery[]; profile: RankingProfile },
): Promise<ImprovementReport['tried']> {
  progress.say('trying other settings on val');
  const learned = await loadLearned(
    ctx,
    collectionId,
    items.map(({ id }) => id),
  );
  const grid = steps.flatMap((stepMax) =>
    shrinkages.flatMap((shrinkage) => cosines.map((cosineMin) => ({ stepMax, shrinkage, cosineMin }))),
  );
  const overlay = [{}, ...grid].map((change) => tryLimits(learned, given, change));
  const personal: ImprovementReport['tried']['personal'] = [];
  for (const stepMax of new Set([personalStepMax, ...personalSteps]))
    personal.push({ stepMax, ways: await measurePersonal(ctx, { ...given, collectionId, stepMax }) });
  return { overlay, personal };
}
