import type { PropensityMethod } from '@embedding-studio/contracts';
import { bootstrapCurve, type CurveFit } from './bootstrap-curve.ts';
import { compareClickRates } from './click-rates.ts';
import { compareRandomPages, groupRandomPages } from './compare-random-pages.ts';
import { carryDown, compareSwaps, findSwaps } from './compare-swaps.ts';
import { type Estimate, insufficient } from './estimate.ts';
import { fitPbm } from './fit-pbm.ts';
import { harvestInterventions } from './harvest-interventions.ts';
import { at, countByRank, countImpressions, type ImpressionTable } from './impression-table.ts';
import type { Layout } from './isotonic.ts';
import type { Page } from './read-pages.ts';

export interface CurveOptions {
  /** `grid`: θ need not fall from rank to rank. Default `list`. */
  layout?: Layout;
  /** What a model thinks of query × item, for queries that come once; null without an opinion. */
  scoreOf?: (query: string, itemId: string) => number | null;
  /** Draws of the interval; 0: none. Default 200. */
  resamples?: number;
  seed?: number;
  /** Ranks further down share the last value. Default 50. */
  ranksMax?: number;
}

export interface CurvePoint {
  rank: number;
  theta: number;
  lo: number | null;
  hi: number | null;
  shown: number;
  clicks: number;
  isCarried: boolean;
}

export interface FittedCurve {
  points: CurvePoint[];
  clicks: number;
}

export type MeasuredMethod = Exclude<PropensityMethod, 'flat'>;

export interface OpenedPages {
  pages: readonly Page[];
  table: ImpressionTable;
}

/** Clicks that a rank of average luck would have got; with fewer its own value would be noise. */
const expectedClicksMin = 5;
/** Of EM in a resample, which starts at the estimate itself. */
const warmRounds = 40;
const cellRoundsMax = 150_000_000;

export function openPages(pages: readonly Page[], options: CurveOptions = {}): OpenedPages {
  return { pages, table: countImpressions(pages, options.ranksMax) };
}

/** The curve by one method, with its interval. */
export function fitCurve(
  method: MeasuredMethod,
  opened: OpenedPages,
  options: CurveOptions = {},
): Estimate<FittedCurve> {
  const opening = openMethod(method, opened, options);
  const fitted = opening.fit(new Float64Array(opening.queries).fill(1));
  if (fitted.kind === 'insufficient') return fitted;
  const { shown, clicks } = opening.counts;
  const total = sum(clicks);
  const rate = total / Math.max(1, sum(shown));
  if (fitted.theta.length === 0) return insufficient('nothing was shown');
  const isMeasured = fitted.isMeasured.map((is, rank) => is && at(shown, rank) * rate >= expectedClicksMin);
  const bounds = bootstrapCurve(fitted.theta, {
    ...{ fit: opening.refit(fitted.theta), queries: opening.queries, seed: options.seed ?? 1 },
    resamples: Math.min(options.resamples ?? 200, opening.resamplesMax),
  });
  const theta = carryDown(fitted.theta, isMeasured);
  const points = theta.map((value, index): CurvePoint => {
    const isCarried = !(isMeasured[index] ?? false) && index > 0;
    const bound = isCarried ? null : (bounds[index] ?? null);
    const counted = { shown: at(shown, index), clicks: at(clicks, index) };
    return { rank: index + 1, theta: value, lo: bound?.lo ?? null, hi: bound?.hi ?? null, ...counted, isCarried };
  });
  return { kind: 'estimated', points, clicks: total };
}

interface Opening {
  queries: number;
  /** What the method looks at. */
  counts: { shown: number[]; clicks: number[] };
  fit: CurveFit;
  /** Of a resample, from where the estimate ended. */
  refit: (theta: readonly number[]) => CurveFit;
  resamplesMax: number;
}

function openMethod(method: MeasuredMethod, { pages, table }: OpenedPages, options: CurveOptions): Opening {
  const { layout, ranksMax } = options;
  if (method === 'randomised') {
    const random = groupRandomPages(pages, ranksMax);
    const fit: CurveFit = (queryWeights) => compareRandomPages(random, { layout, queryWeights });
    return direct(
      random.queries.length,
      fit,
      countPages(
        pages.filter(({ isRandom }) => isRandom),
        ranksMax,
      ),
    );
  }
  if (method === 'swaps') {
    const swaps = findSwaps(pages, ranksMax);
    const fit: CurveFit = (queryWeights) => compareSwaps(swaps, { layout, queryWeights });
    return direct(swaps.queries.length, fit, countDraws(swaps.draws));
  }
  const counts = countByRank(table);
  const queries = table.queries.length;
  if (method === 'em') return openEm({ table, options, counts });
  const estimate = method === 'harvesting' ? harvestInterventions : compareClickRates;
  return direct(queries, (queryWeights) => estimate(table, { layout, queryWeights }), counts);
}

function direct(queries: number, fit: CurveFit, counts: Opening['counts']): Opening {
  return { queries, counts, fit, refit: () => fit, resamplesMax: Number.POSITIVE_INFINITY };
}

function openEm(given: { table: ImpressionTable; options: CurveOptions; counts: Opening['counts'] }): Opening {
  const { table, options, counts } = given;
  const { layout, scoreOf } = options;
  return {
    queries: table.queries.length,
    counts,
    fit: (queryWeights) => fitPbm(table, { layout, scoreOf, queryWeights }),
    refit: (start) => (queryWeights) =>
      fitPbm(table, { layout, scoreOf, queryWeights, start, iterationsMax: warmRounds }),
    resamplesMax: Math.max(20, Math.floor(cellRoundsMax / (warmRounds * Math.max(1, table.cells.rank.length)))),
  };
}

function countPages(pages: readonly Page[], ranksMax?: number): Opening['counts'] {
  return countByRank(countImpressions(pages, ranksMax));
}

function countDraws(draws: readonly { rank: number; isClicked: boolean }[]): Opening['counts'] {
  const ranks = draws.reduce((most, { rank }) => Math.max(most, rank + 1), 0);
  const shown = new Array<number>(ranks).fill(0);
  const clicks = new Array<number>(ranks).fill(0);
  for (const { rank, isClicked } of draws) {
    shown[rank] = at(shown, rank) + 1;
    if (isClicked) clicks[rank] = at(clicks, rank) + 1;
  }
  return { shown, clicks };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
