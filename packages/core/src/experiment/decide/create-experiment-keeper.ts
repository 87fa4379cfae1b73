import {
  defaultExperimentPolicy,
  type Experiment,
  isStudioError,
  type Readout,
  toStudioError,
} from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';
import { changeExperiment } from '../change-experiment.ts';
import { keepReadout } from '../readout/take-readout.ts';
import { findOpenGuardrails } from './find-open-guardrails.ts';
import { type CanaryMove, nextMove } from './next-move.ts';
import { endInFavourOfControl } from './roll-back-experiment.ts';
import { isSettled, settleExperiment } from './settle-experiment.ts';
import { shipArm } from './ship-arm.ts';

const everyMs = 60_000;
const minuteMs = 60_000;
const endedMax = 100;
const dayMs = 86_400_000;

/**
 * Looks after experiments once a minute: read-outs, the steps of canaries and their end, and what a crash left undone of
 * an end. Every process may do so: writes go by compare-and-swap, and read-outs of the same facts are one.
 */
export function createExperimentKeeper(ctx: Ctx): () => Promise<void> {
  const own: Ctx = { ...ctx, actor: { kind: 'system', job: 'experiment-keeper' } };
  const takenAt = new Map<string, number>();
  let lookedAt = 0;
  return async () => {
    const now = ctx.deps.clock.now().getTime();
    if (now - lookedAt < everyMs) return;
    lookedAt = now;
    const running = await ctx.deps.experiments.listRunning();
    for (const experiment of running) await guarded(own, experiment, () => look(own, { experiment, takenAt }));
    for (const id of takenAt.keys()) if (!running.some((one) => one.id === id)) takenAt.delete(id);
    await settleEnded(own, now);
  };
}

/** One experiment that cannot be read must not keep the others from being rolled back. */
async function guarded(ctx: Ctx, { id }: Experiment, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    // Another process, or a person, was quicker: the next look sees what they did.
    if (isStudioError(error) && error.code === 'TASK_CONFLICT') return;
    ctx.deps.log.warn({ experimentId: id, code: toStudioError(error).code }, 'an experiment was not looked after');
  }
}

async function look(
  ctx: Ctx,
  { experiment, takenAt }: { experiment: Experiment; takenAt: Map<string, number> },
): Promise<void> {
  const now = ctx.deps.clock.now();
  const { arms } = await ctx.deps.experiments.countExposures(experiment.id);
  const units = new Map(arms.map((arm) => [arm.arm, arm.units]));
  const move = nextMove(experiment, { units, now });
  if (move === null && !(await isDue(ctx, { experiment, takenAt, now }))) return;
  takenAt.set(experiment.id, now.getTime());
  const { readout } = await keepReadout(ctx, experiment);
  if (isBad(readout)) await answerBreach(ctx, experiment, readout);
  else if (move !== null) await makeMove(ctx, { experiment, move, readout });
}

async function isDue(
  ctx: Ctx,
  { experiment, takenAt, now }: { experiment: Experiment; takenAt: ReadonlyMap<string, number>; now: Date },
): Promise<boolean> {
  const policy = await ctx.deps.policies.findPolicy('experiments');
  const { readoutMinutes } = { ...defaultExperimentPolicy, ...policy?.value };
  const newest = await ctx.deps.experiments.findNewestReadout(experiment.id);
  const last = Math.max(takenAt.get(experiment.id) ?? 0, newest?.createdAt.getTime() ?? 0);
  return now.getTime() - last >= readoutMinutes * minuteMs;
}

const isBad = ({ verdict }: Readout): boolean => verdict === 'rollback' || verdict === 'unhealthy';

/** A canary is ended; of the other kinds a person decides, and finds it in the timeline. */
async function answerBreach(ctx: Ctx, experiment: Experiment, readout: Readout): Promise<void> {
  const why = readout.reasons[0] ?? readout.verdict;
  if (experiment.definition.kind === 'canary') {
    await endInFavourOfControl(ctx, { experiment, readout, words: `Rolled back by itself. ${why}` });
    return;
  }
  if (experiment.timeline.some(({ kind }) => kind === 'breach')) return;
  await changeExperiment(ctx, {
    ...{ experiment, change: {}, kind: 'breach', words: why },
    detail: { reasons: readout.reasons, readoutId: readout.id },
  });
}

async function makeMove(
  ctx: Ctx,
  { experiment, move, readout }: { experiment: Experiment; move: CanaryMove; readout: Readout },
): Promise<void> {
  if (move.kind === 'ship') {
    const open = findOpenGuardrails(readout, experiment.definition);
    if (open.length === 0) await ship(ctx, experiment, move.arm);
    else await tellWaiting(ctx, experiment, `it stays there until more units have come. ${open.join('; ')}.`);
    return;
  }
  const { definition, version } = experiment;
  await changeExperiment(ctx, {
    experiment,
    change: {
      ...{ step: move.step, stepAt: ctx.deps.clock.now(), version: version + 1 },
      definition: { ...definition, traffic: move.traffic },
    },
    ...{ kind: 'step', words: move.words },
  });
}

/** What cannot be shipped by itself stays at its last step, and a person is told why. */
async function ship(ctx: Ctx, experiment: Experiment, arm: string): Promise<void> {
  try {
    await shipArm({ ctx, input: { experimentId: experiment.id, arm } });
  } catch (error) {
    const { code, publicMessage } = toStudioError(error);
    if (code !== 'INPUT_INVALID') throw error;
    await tellWaiting(ctx, experiment, `it cannot be shipped by itself: ${publicMessage}`);
  }
}

async function tellWaiting(ctx: Ctx, experiment: Experiment, why: string): Promise<void> {
  if (experiment.timeline.some(({ kind }) => kind === 'waits')) return;
  const words = `All steps are behind it, but ${why}`;
  await changeExperiment(ctx, { ...{ experiment, change: {}, kind: 'waits' }, words });
}

async function settleEnded(ctx: Ctx, now: number): Promise<void> {
  const ended = await ctx.deps.experiments.listExperiments({
    ...{ after: null, limit: endedMax, states: ['shipped', 'rolledBack'] },
  });
  for (const experiment of ended) {
    const isFresh = now - (experiment.endedAt?.getTime() ?? 0) < dayMs;
    if (isFresh && !isSettled(experiment)) await guarded(ctx, experiment, () => settleExperiment(ctx, experiment));
  }
}
