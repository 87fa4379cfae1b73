import { type Experiment, newId, type Readout, StudioError } from '@embedding-studio/contracts';
import { STATS_VERSION } from '@embedding-studio/stats';
import { authorise } from '../../authorise.ts';
import { sha256 } from '../../content-hash.ts';
import type { Ctx } from '../../context.ts';
import { parseInput } from '../../parse-input.ts';
import { recordAudit } from '../../record-audit.ts';
import { type ExperimentIdInput, ExperimentIdInput as IdSchema } from '../change-experiment.ts';
import { computeReadout } from './compute-readout.ts';
import { gatherInputs, type Window } from './gather-inputs.ts';
import type { ReadoutInputs } from './readout-inputs.ts';

export interface TakenReadout {
  readout: Readout;
  /** false: the facts say the same as when it was taken. */
  isNew: boolean;
}

/** What the facts say by now, kept for good. The same facts, definition and statistics give the read-out of before. */
export async function takeReadout({ ctx, input }: { ctx: Ctx; input: ExperimentIdInput }): Promise<TakenReadout> {
  authorise(ctx, 'experiment.write');
  const { experimentId } = parseInput(IdSchema, input);
  const taken = await keepReadout(ctx, await ctx.deps.experiments.getExperiment(experimentId));
  const detail = { experimentId, verdict: taken.readout.verdict, isNew: taken.isNew };
  await recordAudit(ctx, { action: 'experiment.takeReadout', subject: taken.readout.id, detail });
  return taken;
}

/** As workers take it every few minutes. */
export async function keepReadout(ctx: Ctx, experiment: Experiment): Promise<TakenReadout> {
  const experimentId = experiment.id;
  const window = await windowOf(ctx, experiment);
  const inputs = await gatherInputs(ctx, { experiment, window });
  const inputHash = hashInputs(inputs, experiment);
  const newest = await ctx.deps.experiments.findNewestReadout(experimentId);
  if (newest?.inputHash === inputHash) return { readout: newest, isNew: false };
  const readout: Readout = {
    ...{ id: newId('readout'), experimentId, definitionVersion: experiment.version, ...window, inputHash },
    ...{ statsVersion: String(STATS_VERSION), createdAt: ctx.deps.clock.now() },
    ...computeReadout(inputs),
  };
  if (await ctx.deps.experiments.putReadout(readout)) return { readout, isNew: true };
  return { readout: (await findTaken(ctx, readout)) ?? readout, isNew: false };
}

/** From the start to where the facts have followed the sessions, which is what is known for sure. */
export async function windowOf(ctx: Ctx, { id, startedAt }: Experiment): Promise<Window> {
  if (startedAt === null)
    throw new StudioError('TRANSITION_ILLEGAL', `Experiment ${id} has not been started: there is nothing to read.`, {
      publicMessage: 'The experiment has not been started: there is nothing to read yet.',
      field: 'experimentId',
    });
  const now = ctx.deps.clock.now();
  const { caughtUpAt } = await ctx.deps.analytics.getState();
  const known = Math.min(now.getTime(), caughtUpAt?.getTime() ?? startedAt.getTime());
  return { from: startedAt, to: new Date(Math.max(startedAt.getTime(), known)) };
}

/** Sums may differ by a rounding when facts are read in another order. */
export function hashInputs(inputs: ReadoutInputs, { version }: Pick<Experiment, 'version'>): string {
  const round = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(10)) : value;
  return sha256(JSON.stringify([STATS_VERSION, version, inputs], round));
}

const perPage = 100;

/** An older one: the facts have gone back to what they were. */
async function findTaken(ctx: Ctx, { experimentId, inputHash }: Readout): Promise<Readout | null> {
  for (let after: string | null = null; ; ) {
    const rows: Readout[] = await ctx.deps.experiments.listReadouts({ experimentId, after, limit: perPage });
    const found = rows.find((row) => row.inputHash === inputHash);
    if (found !== undefined || rows.length < perPage) return found ?? null;
    after = rows.at(-1)?.id ?? null;
  }
}
