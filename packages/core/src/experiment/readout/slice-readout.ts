import {
  type Experiment,
  metrics,
  type PlainFacts,
  type ReadoutResult,
  type SessionTraits,
} from '@embedding-studio/contracts';
import { adjustBenjaminiHochberg } from '@embedding-studio/stats';
import { z } from 'zod';
import { authorise } from '../../authorise.ts';
import type { Ctx } from '../../context.ts';
import { parseInput } from '../../parse-input.ts';
import { experimentId } from '../change-experiment.ts';
import { compareOften, pairArms, toFault } from './compare-arms.ts';
import { adjustTests, findMetric } from './compute-metrics.ts';
import { FactsFold } from './gather-inputs.ts';
import { loadUnits, type Units } from './load-units.ts';
import { createSlicer, type SliceBy, sliceBys } from './slicers.ts';
import { windowOf } from './take-readout.ts';

export const SliceReadoutInput = z.object({ experimentId, by: z.enum(sliceBys) });
export type SliceReadoutInput = z.input<typeof SliceReadoutInput>;

export interface ReadoutSlice {
  slice: string;
  searches: number;
  /** Every arm but the control; corrected over all slices (Benjamini–Hochberg). Units are those that searched here. */
  arms: { arm: string; units: number; result: ReadoutResult }[];
}

const slicesMax = 12;

/** The primary metric by parts of the traffic: to find where an effect comes from, not to decide by. */
export async function sliceReadout({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: SliceReadoutInput;
}): Promise<{ by: SliceBy; metric: string; slices: ReadoutSlice[] }> {
  authorise(ctx, 'experiment.read');
  const { experimentId: id, by } = parseInput(SliceReadoutInput, input);
  const experiment = await ctx.deps.experiments.getExperiment(id);
  const { kind, primaryMetric: metric } = experiment.definition;
  if (kind !== 'ab' && kind !== 'canary') return { by, metric, slices: [] };
  const window = await windowOf(ctx, experiment);
  const units = await loadUnits(ctx, { experiment, to: window.to, tables: slicesMax });
  const traits = await ctx.deps.analytics.listTraits();
  const sliceOf = await createSlicer(ctx, { experimentId: id, by, window });
  const visit = (each: (facts: PlainFacts) => void) => ctx.deps.analytics.visitExperiment(id, window, each);
  const searches = new Map<string, number>();
  await visit((facts) => {
    const slice = sliceOf(facts);
    const isCounted = traits.get(facts.traitsKey)?.flags.includes('counted') === true;
    if (isCounted) searches.set(slice, (searches.get(slice) ?? 0) + 1);
  });
  const chosen = [...searches].sort((left, right) => right[1] - left[1]).slice(0, slicesMax);
  const folds = new Map(chosen.map(([slice]) => [slice, openFold(experiment, { units, traits })]));
  await visit((facts) => {
    const own = facts.experiments.find((one) => one.experimentId === id);
    const unit = own === undefined ? undefined : units.find(own.unit);
    if (unit !== undefined) folds.get(sliceOf(facts))?.add(unit, facts, false);
  });
  const slices = chosen.map(([slice, count]) => ({
    slice,
    searches: count,
    arms: compare(experiment, folds.get(slice)),
  }));
  adjustTests(
    slices.flatMap(({ arms }) => arms.map(({ result }) => result)),
    adjustBenjaminiHochberg,
  );
  return { by, metric, slices };
}

function openFold(
  { definition }: Experiment,
  { units, traits }: { units: Units; traits: ReadonlyMap<string, SessionTraits> },
): FactsFold {
  const ids = metrics.flatMap(({ id }) => (id === definition.primaryMetric ? id : []));
  return new FactsFold(units, { ids, traits });
}

function compare({ definition }: Experiment, fold: FactsFold | undefined): ReadoutSlice['arms'] {
  const sums =
    fold?.sum(
      definition.arms.map(({ name }) => name),
      true,
    ) ?? [];
  const metric = sums.flatMap(({ metrics: own }) => own[definition.primaryMetric] ?? []);
  const isRatio = findMetric(definition.primaryMetric)?.formula.kind === 'ratio';
  const pairs = pairArms({ isRatio, arms: metric }, { design: definition, hasPast: false });
  return sums.slice(1).map(({ arm }, at) => {
    const units = metric[at + 1]?.moments.n ?? 0;
    const compared = pairs[at] ?? toFault({ kind: 'invalid', reason: 'Nothing to compare.' });
    return { arm, units, result: 'kind' in compared ? compared : compareOften(compared, definition) };
  });
}
