import { ExperimentDefinition, type NewExperiment } from '@embedding-studio/contracts';
import { createSeededRandom } from '@embedding-studio/stats';
import type { ReadoutInputs } from '../../src/experiment/readout/readout-inputs.ts';
import { addUnit, emptyMoments } from '../../src/experiment/readout/unit-moments.ts';

/** y, x and the same before. */
export type Unit = [y: number, x: number, b: number, a: number];

export function define(change: Partial<NewExperiment> = {}): ExperimentDefinition {
  return ExperimentDefinition.parse({
    ...{ name: 'test', kind: 'ab', primaryMetric: 'ctr@10', unitsMin: 50 },
    arms: [{ name: 'control' }, { name: 'new' }],
    ...change,
  });
}

/** Searchers who click on a share of their searches: 1 to 8 searches, each with a liking of their own for clicking. */
export function makeUnits(
  count: number,
  { rate, seed, drift = 0 }: { rate: number; seed: number; drift?: number },
): Unit[] {
  const random = createSeededRandom(seed);
  const clicksOf = (searches: number, share: number) =>
    Array.from({ length: searches }, () => random.next()).filter((drawn) => drawn < share).length;
  return Array.from({ length: count }, () => {
    const own = random.next() * 0.5 - 0.25;
    const [before, during] = [Math.floor(random.next() * 8), 1 + Math.floor(random.next() * 8)];
    return [clicksOf(during, rate + own), during, clicksOf(before, 0.5 + own + drift), before];
  });
}

export function toInputs(arms: Unit[][], change: Partial<NewExperiment> = {}): ReadoutInputs {
  const definition = define(change);
  const { primaryMetric, secondaryMetrics, guardrails } = definition;
  const ids = [primaryMetric, ...secondaryMetrics, ...guardrails.map(({ metric }) => metric)];
  return {
    definition,
    arms: arms.map((units, at) => {
      const moments = emptyMoments();
      for (const unit of units) addUnit(moments, unit);
      return {
        ...{ arm: definition.arms[at]?.name ?? '', units: units.length, searches: moments.sums[1] ?? 0 },
        metrics: Object.fromEntries(ids.map((id) => [id, { moments, evidence: moments.sums[1] ?? 0 }])),
      };
    }),
    ...{ multiple: 0, hasPast: false, interleaving: null, agreement: null, warnings: [] },
  };
}
