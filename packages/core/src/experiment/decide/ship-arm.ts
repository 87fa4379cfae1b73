import { type Experiment, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../../authorise.ts';
import { requireServable } from '../../collection/set-live.ts';
import type { Ctx } from '../../context.ts';
import { parseInput } from '../../parse-input.ts';
import { changeExperiment, experimentId, requireMove } from '../change-experiment.ts';
import { settleExperiment } from './settle-experiment.ts';
import { requireShippable } from './shippable.ts';

export const ShipArmInput = z.object({ experimentId, arm: z.string().min(1).max(32) });
export type ShipArmInput = z.input<typeof ShipArmInput>;

/**
 * Ends the experiment and gives everybody the arm: its collection goes live, its weights become those of the collection.
 * The write of the experiment decides; what follows from it is repeated by the workers until it is done. Called again, it
 * does nothing more.
 */
export async function shipArm({ ctx, input }: { ctx: Ctx; input: ShipArmInput }): Promise<Experiment> {
  authorise(ctx, 'experiment.write');
  authorise(ctx, 'rollout.write');
  const { experimentId: id, arm } = parseInput(ShipArmInput, input);
  const experiment = await ctx.deps.experiments.getExperiment(id);
  if (experiment.state === 'shipped' && experiment.shippedArm === arm) return settleExperiment(ctx, experiment);
  requireMove(experiment, 'shipped');
  requireShippable(experiment, arm);
  await requireReady(ctx, experiment, arm);
  const newest = await ctx.deps.experiments.findNewestReadout(id);
  const verdict = newest?.verdict ?? 'none';
  const shipped = await changeExperiment(ctx, {
    experiment,
    change: { state: 'shipped', shippedArm: arm, endedAt: ctx.deps.clock.now() },
    kind: 'shipped',
    words: `Shipped ${arm}; the verdict of the newest read-out: ${verdict}.`,
    detail: { arm, verdict, readoutId: newest?.id ?? null },
  });
  return settleExperiment(ctx, shipped);
}

/** Found out before anything is written: what cannot serve is not shipped. */
async function requireReady(ctx: Ctx, { collections }: Experiment, arm: string): Promise<void> {
  const live = await ctx.deps.collections.findLive();
  const id = collections[arm];
  if (id === undefined || id === live?.collectionId) return;
  try {
    await requireServable(ctx, await ctx.deps.collections.getCollection(id));
  } catch (cause) {
    throw new StudioError('TASK_CONFLICT', `Arm ${arm} cannot be shipped: collection ${id} cannot serve.`, {
      publicMessage: `The collection of arm ${arm} cannot serve any more; reindex into it, or end the experiment.`,
      field: 'arm',
      cause,
    });
  }
}
