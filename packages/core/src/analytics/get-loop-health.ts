import {
  GateReport,
  type Rollout,
  type RolloutState,
  type TaskProgress,
  type TrainingPolicy,
} from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import { readTrainingPolicy, readTrainingWatch } from '../auto-training/training-policy.ts';
import type { Ctx } from '../context.ts';
import { findGoldenAlert } from '../golden/get-golden-runs.ts';
import { sumCells } from './fold-facts.ts';

export const loopStages = ['events', 'batch', 'train', 'gate', 'deploy', 'live'] as const;
export type LoopStageName = (typeof loopStages)[number];

/** What can be done about a stage; `id` is what it is done to. */
export type LoopAction =
  | { kind: 'send-events' | 'create-index' | 'start-fine-tuning' }
  | { kind: 'watch-rollout' | 'read-report' | 'retry-rollout' | 'make-live' | 'roll-back'; id: string };

export interface LoopStage {
  stage: LoopStageName;
  /** `ready`: waits for somebody. `failed`: needs somebody. `empty`: nothing has happened here yet. */
  state: 'empty' | 'working' | 'ready' | 'done' | 'rejected' | 'failed';
  /** When it got there. */
  since: Date | null;
  /** `events`: clicks of the last 24 hours. `batch`: sessions. `gate`: gain in nDCG@10. `live`: version. */
  figure: number | null;
  /** Of the work under way. */
  progress: TaskProgress | null;
  next: LoopAction | null;
  /** Of `live`: a drop that somebody should look at, in words. */
  alert?: string;
  /** Of `batch`, where training starts by itself: how far, and what it waits for. */
  auto?: { mode: TrainingPolicy['mode']; words: string };
}

const dayMs = 86_400_000;

/** Where the loop stands, stage by stage. */
export async function getLoopHealth({ ctx }: { ctx: Ctx }): Promise<LoopStage[]> {
  authorise(ctx, 'rollout.read');
  const rollouts = await ctx.deps.rollouts.listRollouts({ offset: 0, limit: 50 });
  const latest = rollouts.find(({ isInitial }) => !isInitial) ?? null;
  const progress = latest === null ? null : await findProgress(ctx, latest);
  const [events, batch, live] = await Promise.all([describeEvents(ctx), describeBatch(ctx), describeLive(ctx, latest)]);
  const stages = (['train', 'gate', 'deploy'] as const).map((stage) => describeStep(stage, latest, progress));
  return [events, batch, ...stages, live];
}

const nothing = { state: 'empty', since: null, figure: null, progress: null, next: null } as const;

async function describeEvents(ctx: Ctx): Promise<LoopStage> {
  const { analytics, clock } = ctx.deps;
  const now = clock.now().getTime();
  const everything = {
    traitsKeys: null,
    expected: null,
    from: null,
    to: null,
    userId: null,
    queryPrefix: null,
    items: null,
  };
  const [newest] = await analytics.listFacts({ ...everything, after: null, limit: 1 });
  if (newest === undefined) return { stage: 'events', ...nothing, next: { kind: 'send-events' } };
  const buckets = await analytics.listBuckets({ from: new Date(now - dayMs), to: new Date(now + dayMs), size: 'hour' });
  let clicks = 0;
  for (const tally of sumCells(buckets).values()) clicks += tally.clicks;
  const isFresh = now - newest.at.getTime() < dayMs;
  return {
    ...{ stage: 'events', ...nothing, since: newest.at, figure: clicks, state: isFresh ? 'done' : 'ready' },
    next: isFresh ? null : { kind: 'send-events' },
  };
}

async function describeBatch(ctx: Ctx): Promise<LoopStage> {
  const [batch] = await ctx.deps.sessions.listBatches({ offset: 0, limit: 1 });
  if (batch === undefined) return { stage: 'batch', ...nothing, next: { kind: 'send-events' } };
  const isCollecting = batch.status === 'collecting' && batch.sessionCount > 0;
  return {
    ...{ stage: 'batch', ...nothing, since: batch.createdAt, figure: batch.sessionCount },
    state: isCollecting ? 'ready' : 'done',
    next: isCollecting ? { kind: 'start-fine-tuning' } : null,
    ...(await describeAuto(ctx)),
  };
}

async function describeAuto(ctx: Ctx): Promise<Pick<LoopStage, 'auto'>> {
  const [{ policy }, watch] = await Promise.all([readTrainingPolicy(ctx), readTrainingWatch(ctx)]);
  if (!policy.isEnabled) return {};
  return { auto: { mode: policy.mode, words: watch?.words ?? 'Nothing was counted yet.' } };
}

async function describeLive(ctx: Ctx, latest: Rollout | null): Promise<LoopStage> {
  const pointer = await ctx.deps.collections.findLive();
  if (pointer === null) return { stage: 'live', ...nothing, next: { kind: 'create-index' } };
  const alert = await findGoldenAlert(ctx);
  const isOurs = latest?.collectionId === pointer.collectionId && latest.state === 'live';
  return {
    ...{ stage: 'live', ...nothing, state: 'done', since: pointer.switchedAt, figure: pointer.version },
    ...(alert && { alert: alert.words }),
    next: isOurs && pointer.previousCollectionId !== null ? { kind: 'roll-back', id: latest.id } : null,
  };
}

type Step = 'train' | 'gate' | 'deploy';

/** The states in which each step is at work. */
const workOf: Record<Step, readonly RolloutState[]> = {
  train: ['requested'],
  gate: ['trained'],
  deploy: ['gated', 'deployed', 'indexing', 'verified'],
};
const order: readonly Step[] = ['train', 'gate', 'deploy'];

function describeStep(stage: Step, rollout: Rollout | null, progress: TaskProgress | null): LoopStage {
  if (rollout === null) return { stage, ...nothing };
  const { state, transitions, id } = rollout;
  const last = transitions.at(-1);
  const reached = state === 'failed' ? (last?.from ?? 'requested') : state;
  const current = order.find((step) => workOf[step].includes(reached)) ?? (state === 'rejected' ? 'gate' : null);
  const isBehind = current === null || order.indexOf(stage) < order.indexOf(current);
  const figure = stage === 'gate' ? gainOf(rollout) : null;
  if (isBehind) {
    const leaving = transitions.findLast(({ from }) => workOf[stage].includes(from))?.at ?? rollout.updatedAt;
    return { stage, ...nothing, state: 'done', since: leaving, figure, next: { kind: 'read-report', id } };
  }
  if (stage !== current) return { stage, ...nothing };
  const since = last?.at ?? rollout.createdAt;
  const at = { stage, ...nothing, since, figure };
  if (state === 'failed') return { ...at, state: 'failed', next: { kind: 'retry-rollout', id } };
  if (state === 'rejected') return { ...at, state: 'rejected', next: { kind: 'read-report', id } };
  if (state === 'verified' && rollout.switches === false)
    return { ...at, state: 'ready', next: { kind: 'make-live', id } };
  return { ...at, state: 'working', progress, next: { kind: 'watch-rollout', id } };
}

function gainOf({ gate }: Rollout): number | null {
  const report = GateReport.safeParse(gate);
  return report.success ? report.data.delta.mean : null;
}

async function findProgress(ctx: Ctx, rollout: Rollout): Promise<TaskProgress | null> {
  const running = await ctx.deps.tasks.listTasks({ status: 'processing', offset: 0, limit: 100 });
  const own = running.find(({ input }) => 'rolloutId' in input && input.rolloutId === rollout.id);
  return own?.progress ?? null;
}
