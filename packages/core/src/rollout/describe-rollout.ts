import { GateReport, type LivePointer, type Rollout, type TaskSummary } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { watch } from '../watch.ts';
import { gateWords } from './gate-words.ts';
import { type RolloutIdInput, RolloutIdInput as RolloutIdSchema } from './list-rollouts.ts';
import { listActions, type RolloutActions } from './rollout-actions.ts';
import { listSteps, type StepView } from './rollout-steps.ts';

const Verification = z.object({
  counts: z.object({ items: z.number(), parts: z.number(), stale: z.number() }),
  failed: z.number(),
  selfRetrieval: z.object({ items: z.number(), share: z.number() }),
  golden: z.object({ texts: z.number(), cosineMin: z.number() }),
  recall: z.object({ queries: z.number(), recall10: z.number(), efSearch: z.number() }),
});
export type VerificationReport = z.infer<typeof Verification>;

export interface RolloutProgress {
  taskId: string;
  kind: TaskSummary['kind'];
  done: number;
  total: number;
  note: string;
  /** Over the last seconds of watching; null until two looks differ. */
  itemsPerSecond: number | null;
  secondsLeft: number | null;
  /** Most items per second, as an operator set it; null: as fast as it can; undefined: nobody has. */
  throttle: number | null | undefined;
  isPaced: boolean;
}

export interface RolloutDetail {
  rollout: Omit<Rollout, 'gate' | 'verification' | 'transitions'>;
  modelName: string | null;
  replaces: { collectionId: string; modelId: string; modelName: string } | null;
  live: LivePointer | null;
  steps: StepView[];
  progress: RolloutProgress | null;
  gate: { report: GateReport; words: string } | null;
  verification: VerificationReport | null;
  /** Newest first. */
  history: { at: Date; actor: string; what: string; detail: string }[];
  actions: RolloutActions;
}

const tasksMax = 200;
const auditMax = 50;

/** One rollout with its steps and their times, verdict, verification, history and what can be done to it now. */
export async function describeRollout({ ctx, input }: { ctx: Ctx; input: RolloutIdInput }): Promise<RolloutDetail> {
  authorise(ctx, 'rollout.read');
  const { rolloutId } = parseInput(RolloutIdSchema, input);
  const found = await ctx.deps.rollouts.getRollout(rolloutId);
  const { gate, verification, transitions: _history, ...rollout } = found;
  const [tasks, live] = await Promise.all([
    ctx.deps.taskSearch.findTasks({ filter: { subjects: [rolloutId] }, before: null, limit: tasksMax }),
    ctx.deps.collections.findLive(),
  ]);
  const steps = listSteps(found, tasks);
  const report = GateReport.safeParse(gate).data;
  return {
    ...{ rollout, live, steps },
    modelName: rollout.modelId === null ? null : (await ctx.deps.models.getModel(rollout.modelId)).name,
    replaces: await findReplaced(ctx, rollout.sourceCollectionId),
    progress: await findProgress(ctx, steps),
    gate: report === undefined ? null : { report, words: gateWords(report) },
    verification: Verification.safeParse(verification).data ?? null,
    history: await listHistory(ctx, found),
    actions: await listActions(ctx, { rollout: found, live }),
  };
}

async function findReplaced(ctx: Ctx, collectionId: string | null): Promise<RolloutDetail['replaces']> {
  if (collectionId === null) return null;
  const { modelId } = await ctx.deps.collections.getCollection(collectionId);
  return { collectionId, modelId, modelName: (await ctx.deps.models.getModel(modelId)).name };
}

async function findProgress(ctx: Ctx, steps: readonly StepView[]): Promise<RolloutProgress | null> {
  const step = steps.find(({ status }) => status === 'running');
  if (step === undefined || step.task === null) return null;
  const { id: taskId, progress } = step.task;
  const throttle = await ctx.deps.tasks.findRate(taskId);
  return {
    ...{ taskId, kind: step.kind, done: progress?.done ?? 0, total: progress?.total ?? 0, note: progress?.note ?? '' },
    ...{ itemsPerSecond: null, secondsLeft: progress?.secondsLeft ?? null, throttle },
    isPaced: step.kind === 'reindex',
  };
}

async function listHistory(ctx: Ctx, rollout: Rollout): Promise<RolloutDetail['history']> {
  const page = { beforeId: null, limit: auditMax, subjects: [rollout.id] };
  const audited = await ctx.deps.audit.listAudit(page);
  const moves = rollout.transitions.map(({ at, actor, from, to, reason }) => ({
    ...{ at, actor, what: `${from} → ${to}`, detail: reason },
  }));
  // Moves stand in the rollout itself, with their reasons.
  const others = audited.filter(({ action }) => action !== 'rollout.advance' && action !== 'rollout.fail');
  const acts = others.map(({ at, actor, action, detail }) => {
    const { requestId: _hidden, ...rest } = detail;
    return { at, actor, what: action, detail: Object.keys(rest).length === 0 ? '' : JSON.stringify(rest) };
  });
  return [...moves, ...acts].sort((left, right) => right.at.getTime() - left.at.getTime());
}

const windowMs = 15_000;

/** The rollout as it moves, with the pace of the last seconds. */
export async function* watchRollout({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: RolloutIdInput;
}): AsyncGenerator<RolloutDetail> {
  authorise(ctx, 'rollout.read');
  let seen: { taskId: string; at: number; done: number }[] = [];
  const read = async (): Promise<RolloutDetail> => {
    const detail = await describeRollout({ ctx, input });
    const { progress } = detail;
    if (progress === null) return detail;
    const at = ctx.deps.clock.now().getTime();
    seen = seen.filter((one) => one.taskId === progress.taskId && one.at > at - windowMs && one.done <= progress.done);
    seen.push({ taskId: progress.taskId, at, done: progress.done });
    return { ...detail, progress: withPace(progress, seen[0], at) };
  };
  const isOver = ({ rollout }: RolloutDetail) => rollout.state === 'retired' || rollout.state === 'rejected';
  yield* watch(ctx, { everyMs: 1_000, read, isOver });
}

function withPace(
  progress: RolloutProgress,
  first: { at: number; done: number } | undefined,
  now: number,
): RolloutProgress {
  const seconds = first === undefined ? 0 : (now - first.at) / 1_000;
  const done = progress.done - (first?.done ?? 0);
  if (seconds < 2 || done <= 0) return progress;
  const itemsPerSecond = Math.round((done / seconds) * 10) / 10;
  return { ...progress, itemsPerSecond, secondsLeft: Math.round((progress.total - progress.done) / (done / seconds)) };
}
