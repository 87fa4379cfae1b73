import {
  type Experiment,
  type ExperimentDefinition,
  type MetricId,
  metrics,
  type PlainFacts,
  type SessionTraits,
} from '@embedding-studio/contracts';
import { metricContribution } from '../../analytics/metric-contribution.ts';
import type { Ctx } from '../../context.ts';
import { unitKey } from '../unit-key.ts';
import { interleavedArm } from './arm-names.ts';
import { findWarnings } from './find-warnings.ts';
import { InterleavingFold } from './interleaving-fold.ts';
import { loadUnits, type Units } from './load-units.ts';
import type { ArmSums, ReadoutInputs } from './readout-inputs.ts';
import { UnitTable } from './unit-table.ts';

const dayMs = 86_400_000;
/** So long before the start users are looked at for what they did without the experiment. */
export const pastDays = 14;

export interface Window {
  from: Date;
  to: Date;
}

/** Facts of the time, joined to what their unit saw; what comes back are sums. */
export async function gatherInputs(
  ctx: Ctx,
  { experiment, window }: { experiment: Experiment; window: Window },
): Promise<ReadoutInputs> {
  const { definition } = experiment;
  const ids = comparedMetrics(definition);
  const units = await loadUnits(ctx, { experiment, to: window.to, tables: ids.length });
  const traits = await ctx.deps.analytics.listTraits();
  const fold = new FactsFold(units, { ids, traits });
  const lists = definition.kind === 'interleaving' ? new InterleavingFold(units.size) : null;
  await ctx.deps.analytics.visitExperiment(experiment.id, window, (facts) => {
    const own = facts.experiments.find(({ experimentId }) => experimentId === experiment.id);
    const unit = own === undefined ? undefined : units.find(own.unit);
    if (own === undefined || unit === undefined || !fold.add(unit, facts, false)) return;
    lists?.add(unit, own);
  });
  const hasPast =
    definition.unit === 'user' && ids.length > 0 && (await foldPast(ctx, { fold, units, window, experiment }));
  const agreement = await ctx.deps.experiments.findAgreement(experiment.id);
  const arms = fold.sum(interleavedArm(definition) ?? definition.arms.map(({ name }) => name));
  const warnings = await findWarnings(ctx, { experiment, units, idle: fold.idle(), to: window.to });
  return {
    ...{ definition, arms, multiple: units.multiple, hasPast, agreement, warnings },
    interleaving: lists?.take() ?? null,
  };
}

/** Goal, others and guardrails, each once; none where units do not differ in what they see. */
function comparedMetrics(definition: ExperimentDefinition): MetricId[] {
  if (definition.kind !== 'ab' && definition.kind !== 'canary') return [];
  const wanted = new Set([
    ...[definition.primaryMetric, ...definition.secondaryMetrics],
    ...definition.guardrails.map(({ metric }) => metric),
  ]);
  return metrics.flatMap(({ id, formula }) =>
    wanted.has(id) && (formula.kind === 'ratio' || formula.kind === 'sum') ? id : [],
  );
}

/** True where at least some had searched before. */
async function foldPast(
  ctx: Ctx,
  { fold, units, window, experiment }: { fold: FactsFold; units: Units; window: Window; experiment: Experiment },
): Promise<boolean> {
  const range = { from: new Date(window.from.getTime() - pastDays * dayMs), to: window.from };
  let found = false;
  await ctx.deps.analytics.visitRange(range, (facts) => {
    const unit = facts.userId === null ? undefined : units.find(unitKey(experiment.salt, facts.userId));
    if (unit !== undefined && fold.add(unit, facts, true)) found = true;
  });
  return found;
}

/** Adds facts to their unit, for each metric. */
export class FactsFold {
  private readonly tables: [MetricId, UnitTable][];
  private readonly searches: Uint32Array;

  constructor(
    private readonly units: Pick<Units, 'size' | 'armOf' | 'counts'>,
    private readonly of: { ids: readonly MetricId[]; traits: ReadonlyMap<string, SessionTraits> },
  ) {
    const arms = units.counts.length;
    const isRatio = (id: MetricId) => metrics.some((metric) => metric.id === id && metric.formula.kind === 'ratio');
    this.tables = of.ids.map((id) => [
      id,
      new UnitTable({ units: units.size, arms, isRatio: isRatio(id), armOf: units.armOf }),
    ]);
    this.searches = new Uint32Array(units.size);
  }

  /** False where the session does not count as a search. */
  add(unit: number, facts: PlainFacts, isBefore: boolean): boolean {
    const flags = this.of.traits.get(facts.traitsKey)?.flags ?? [];
    if (!flags.includes('counted')) return false;
    if (!isBefore) this.searches[unit] = (this.searches[unit] ?? 0) + 1;
    for (const [id, table] of this.tables) {
      const found = metricContribution(id, { facts, flags });
      if (found !== null) table.add(unit, { ...found, isBefore });
    }
    return true;
  }

  /** Units without a search that counts. */
  idle(): number {
    return this.searches.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0);
  }

  /** `onlyTouched`: units to which nothing was added do not count as 0. */
  sum(names: readonly string[], onlyTouched = false): ArmSums[] {
    const sums = this.tables.map(([id, table]) => [id, table.sum(onlyTouched)] as const);
    const searches = names.map(() => 0);
    for (const [unit, count] of this.searches.entries()) {
      const arm = this.units.armOf(unit);
      searches[arm] = (searches[arm] ?? 0) + count;
    }
    return names.map((arm, at) => ({
      ...{ arm, units: this.units.counts[at] ?? 0, searches: searches[at] ?? 0 },
      metrics: Object.fromEntries(sums.flatMap(([id, arms]) => (arms[at] === undefined ? [] : [[id, arms[at]]]))),
    }));
  }
}
