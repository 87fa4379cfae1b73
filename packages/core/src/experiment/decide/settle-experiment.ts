import { actorName, type Experiment, type Rollout } from '@embedding-studio/contracts';
import { setLive } from '../../collection/set-live.ts';
import type { Ctx } from '../../context.ts';
import { recordAudit } from '../../record-audit.ts';
import { cancelRollout } from '../../rollout/cancel-rollout.ts';
import { pauseFailed } from '../../rollout/pause-failed.ts';
import { promoteRollout } from '../../rollout/promote-rollout.ts';
import { isMoving } from '../../rollout/request-next-step.ts';
import { isPromotable } from '../../rollout/rollout-actions.ts';
import { changeExperiment } from '../change-experiment.ts';
import { shippedRanking } from './shippable.ts';

/** Of the timeline: everything that follows from the end has been done. */
const settled = 'settled';

export function isSettled({ state, timeline }: Experiment): boolean {
  return (state !== 'shipped' && state !== 'rolledBack') || timeline.some(({ kind }) => kind === settled);
}

/** Carries out what the experiment's own row says was decided. Idempotent; safe to be cut short anywhere. */
export async function settleExperiment(ctx: Ctx, experiment: Experiment): Promise<Experiment> {
  if (isSettled(experiment)) return experiment;
  const words = experiment.state === 'shipped' ? await settleShip(ctx, experiment) : await settleEnd(ctx, experiment);
  return changeExperiment(ctx, { experiment, change: {}, kind: settled, words });
}

async function settleShip(ctx: Ctx, experiment: Experiment): Promise<string> {
  const { shippedArm, collections, definition } = experiment;
  const collectionId = collections[shippedArm ?? ''];
  const treatment = definition.arms.find(({ name }) => name === shippedArm)?.treatment ?? {};
  if (collectionId === undefined) return 'There was nothing to do.';
  const collection = await ctx.deps.collections.getCollection(collectionId);
  const from = `experiment:${experiment.id}`;
  const ranking = shippedRanking(collection.ranking, { treatment, from });
  if (ranking !== null && collection.ranking.fittedOn !== from) {
    await ctx.deps.collections.updateCollection(collectionId, { ranking });
    const detail = { before: collection.ranking, after: ranking, experimentId: experiment.id };
    await recordAudit(ctx, { action: 'ranking.ship', subject: collectionId, detail });
  }
  const weights = ranking === null ? '' : ' with its weights';
  return `${await bringLive(ctx, { experiment, collectionId })}${weights}.`;
}

async function bringLive(
  ctx: Ctx,
  { experiment, collectionId }: { experiment: Experiment; collectionId: string },
): Promise<string> {
  const live = await ctx.deps.collections.findLive();
  if (live?.collectionId === collectionId) return `${collectionId} is live`;
  if (live !== null && experiment.endedAt !== null && live.switchedAt.getTime() > experiment.endedAt.getTime())
    return `Somebody has made ${live.collectionId} live since; it stays, and ${collectionId} is left`;
  const rollout = await ctx.deps.rollouts.findRolloutByCollection(collectionId);
  if (rollout !== null && isPromotable(rollout)) {
    const input = { rolloutId: rollout.id, expectedCollectionId: live?.collectionId ?? null };
    await promoteRollout({ ctx, input });
  } else await setLive({ ctx, input: { collectionId } });
  return `${collectionId} is live`;
}

/** Nobody is given an arm any more. What only an arm was for is ended too, and is never left to serve. */
async function settleEnd(ctx: Ctx, experiment: Experiment): Promise<string> {
  const { definition, collections } = experiment;
  const control = collections[definition.arms[0]?.name ?? ''];
  const ended = [...new Set(Object.values(collections))].filter((id) => id !== control);
  const done: string[] = [];
  for (const collectionId of ended) {
    const live = await ctx.deps.collections.findLive();
    if (live?.collectionId === collectionId && control !== undefined) {
      await setLive({ ctx, input: { collectionId: control } });
      done.push(`${control} is live again`);
    }
    if (await isNamedElsewhere(ctx, experiment.id, collectionId)) continue;
    const rollout = await ctx.deps.rollouts.findRolloutByCollection(collectionId);
    if (rollout?.state !== 'verified') continue;
    await endRollout(ctx, { rollout, experiment });
    done.push(`rollout ${rollout.id} has ended`);
  }
  return done.length === 0 ? 'Everybody gets the control.' : `Everybody gets the control; ${done.join(', ')}.`;
}

async function isNamedElsewhere(ctx: Ctx, experimentId: string, collectionId: string): Promise<boolean> {
  const running = await ctx.deps.experiments.listRunning();
  return running.some(
    ({ id, collections }) => id !== experimentId && Object.values(collections).includes(collectionId),
  );
}

/** The saga's way out of `verified` without going live; its collection takes no more writes. It can be retried. */
async function endRollout(
  ctx: Ctx,
  { rollout, experiment }: { rollout: Rollout; experiment: Experiment },
): Promise<void> {
  if (isMoving(rollout)) {
    await cancelRollout({ ctx, input: { rolloutId: rollout.id } });
    return;
  }
  const reason = `ABORTED: experiment ${experiment.id} was rolled back.`;
  const actor = actorName(ctx.actor);
  await ctx.deps.rollouts.advanceRollout({ id: rollout.id, from: 'verified', to: 'failed', actor, reason });
  await recordAudit(ctx, { action: 'rollout.fail', subject: rollout.id, detail: { state: 'verified', reason } });
  await pauseFailed(ctx);
}
