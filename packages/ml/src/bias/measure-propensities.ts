import type { PropensityCurve, PropensityPoint } from '@embedding-studio/contracts';
import { effectiveSize, inverseAt } from '../clicks/inverse-propensity.ts';
import { type CurveOptions, fitCurve, type MeasuredMethod, type OpenedPages, openPages } from './fit-curve.ts';
import { harvestInterventions } from './harvest-interventions.ts';
import { countByRank } from './impression-table.ts';
import type { Page, Pages } from './read-pages.ts';

/** Clicks that a method must rest on before a curve is taken from it by itself. */
const directClicksMin = 100;
const modelClicksMin = 200;
const rateClicksMin = 50;
/** Share of all clicks at ranks which harvesting can compare. */
const coveredMin = 0.8;

type Candidate = { method: MeasuredMethod; refusal: string | null; grounds: string };

/**
 * The best curve that these pages bear, and why: pages in random order, then drawn swaps, then items that stood at
 * several ranks, then EM, then plain click rates, else flat (every rank alike).
 */
export function measurePropensities({ pages, dropped }: Pages, options: CurveOptions = {}): PropensityCurve {
  const opened = openPages(pages, options);
  const refused: string[] = [];
  for (const { method, refusal, grounds } of listCandidates(opened, options)) {
    const fitted = refusal === null ? fitCurve(method, opened, options) : null;
    if (fitted?.kind === 'estimated')
      return { method, reason: explain(grounds, refused), points: fitted.points, ...summarise(pages, dropped, fitted) };
    refused.push(`${words[method]}: ${refusal ?? (fitted?.kind === 'insufficient' ? fitted.reason : '')}`);
  }
  const points = flatPoints(opened);
  return { method: 'flat', reason: explain(flatGrounds, refused), points, ...summarise(pages, dropped, { points }) };
}

const flatGrounds = 'Too little is known about positions: every click counts the same.';

const words: Record<MeasuredMethod, string> = {
  randomised: 'pages in random order',
  swaps: 'drawn swaps',
  harvesting: 'items at several ranks',
  em: 'the click model',
  click_rates: 'click rates',
};

function listCandidates({ pages, table }: OpenedPages, options: CurveOptions): Candidate[] {
  const random = pages.filter(({ isRandom }) => isRandom);
  const swapped = pages.filter(({ swapRank }) => swapRank !== null);
  const { clicks } = countByRank(table);
  const total = clicks.reduce((sum, count) => sum + count, 0);
  return [
    {
      method: 'randomised',
      refusal: needClicks(countClicks(random), directClicksMin),
      grounds: `${random.length} pages were in random order: where an item stands says nothing about it there, so that clicks by rank show the bias itself.`,
    },
    {
      method: 'swaps',
      refusal: needClicks(countClicks(swapped), directClicksMin),
      grounds: `On ${swapped.length} pages the first result changed places with a drawn rank: its clicks by rank show the bias itself.`,
    },
    judgeHarvest({ table, clicks, total }),
    judgeEm({ table, total, hasScores: options.scoreOf !== undefined }),
    {
      method: 'click_rates',
      refusal: needClicks(total, rateClicksMin),
      grounds:
        'Click rates by rank, which also hold how good the ranker is: the true bias is smaller than this. Vary the order of some pages to learn it.',
    },
  ];
}

type Judged = { table: OpenedPages['table']; total: number };

function judgeHarvest({ table, clicks, total }: Judged & { clicks: readonly number[] }): Candidate {
  const harvest = harvestInterventions(table);
  if (harvest.kind === 'insufficient') return { method: 'harvesting', refusal: harvest.reason, grounds: '' };
  const { movedPairs, movedClicks, isMeasured, draws } = harvest;
  const explored = draws > 0 ? ` ${draws} results were put at a drawn rank by exploration.` : '';
  const covered = clicks.reduce((sum, count, rank) => sum + (isMeasured[rank] ? count : 0), 0) / Math.max(1, total);
  const tooThin =
    covered < coveredMin ? `it reaches ranks with only ${Math.round(100 * covered)} % of the clicks` : null;
  return {
    method: 'harvesting',
    refusal: needClicks(movedClicks, directClicksMin) ?? tooThin,
    grounds: `${movedPairs} results stood at different ranks for the same query: their clicks here and there show the bias.${explored}`,
  };
}

function judgeEm({ table, total, hasScores }: Judged & { hasScores: boolean }): Candidate {
  const harvest = harvestInterventions(table);
  const isIdentified = hasScores || harvest.kind === 'estimated';
  const refusal = isIdentified ? null : 'no result moved and no score is known, so that rank and relevance are one';
  return {
    method: 'em',
    refusal: needClicks(total, modelClicksMin) ?? refusal,
    grounds: hasScores
      ? 'Position-based click model by EM; what the search itself thinks of each result stands in for repeated queries.'
      : 'Position-based click model by EM over the few results that stood at different ranks.',
  };
}

function needClicks(have: number, need: number): string | null {
  return have < need ? `${Math.round(have)} clicks, ${need} are needed` : null;
}

function explain(grounds: string, refused: readonly string[]): string {
  return refused.length === 0 ? grounds : `${grounds} Passed over: ${refused.join('; ')}.`;
}

function countClicks(pages: readonly Page[]): number {
  return pages.reduce((sum, { items }) => sum + items.filter(({ outcome }) => outcome === 'clicked').length, 0);
}

function flatPoints({ table }: OpenedPages): PropensityPoint[] {
  const { shown, clicks } = countByRank(table);
  return shown.map((count, rank) => ({
    ...{ rank: rank + 1, theta: 1, lo: null, hi: null, isCarried: true },
    ...{ shown: count, clicks: clicks[rank] ?? 0 },
  }));
}

function summarise(pages: readonly Page[], dropped: Pages['dropped'], { points }: { points: PropensityPoint[] }) {
  const theta = points.map((point) => point.theta);
  const clicks = countClicks(pages);
  return {
    sessions: pages.length,
    queries: new Set(pages.map(({ query }) => query)).size,
    dropped: { ...dropped },
    clicks,
    effectiveClicks: effectiveSize(weighByPropensity(pages, theta)),
  };
}

/** 1/θ of every click, clipped, and scaled so that the clicks of a query keep their number. */
export function weighByPropensity(pages: readonly Page[], theta: readonly number[], max?: number): number[] {
  const byQuery = new Map<string, number[]>();
  for (const { query, items } of pages) {
    const own = byQuery.get(query) ?? [];
    byQuery.set(query, own);
    for (const { outcome, rank } of items) if (outcome === 'clicked') own.push(inverseAt(theta, rank, max));
  }
  return [...byQuery.values()].flatMap((own) => {
    const mean = own.reduce((sum, weight) => sum + weight, 0) / own.length;
    return own.map((weight) => weight / mean);
  });
}
