import {
  type CurvePoint,
  type Estimate,
  fitCurve,
  fitSdbn,
  fitTrust,
  type OpenedPages,
  openPages,
  type Page,
} from '@embedding-studio/ml/bias';
import { normaliseQuery } from '@embedding-studio/ml/clicks';

export interface Estimator {
  name: string;
  result: Estimate<{ points: CurvePoint[] }>;
}

type ScoreOf = (query: string, itemId: string) => number | null;

/** Every way of estimating the curve, on the same pages. */
export function compareEstimators(pages: readonly Page[], scoreOf: ScoreOf, resamples: number): Estimator[] {
  const opened = openPages(pages);
  const blind = pages.map((page) => ({ ...page, isRandom: false }));
  const flat: Estimator[] = [
    { name: 'random pages', result: fitCurve('randomised', opened, { resamples }) },
    { name: 'swaps', result: fitCurve('swaps', opened, { resamples }) },
    { name: 'harvesting', result: fitCurve('harvesting', opened, { resamples }) },
    { name: 'EM, pooled', result: fitCurve('em', openPages(blind), { resamples: 0 }) },
    { name: 'EM, title words', result: fitCurve('em', openPages(blind), { resamples: 0, scoreOf }) },
    { name: 'click rates', result: fitCurve('click_rates', opened, { resamples }) },
  ];
  return [...flat, { name: 'sDBN', result: followSdbn(pages) }];
}

/** Share of the query's words that stand in the title. */
export function openTitleScore(titles: ReadonlyMap<string, string>): ScoreOf {
  const words = new Map([...titles].map(([id, title]) => [id, new Set(normaliseQuery(title).split(' '))]));
  return (query, itemId) => {
    const title = words.get(itemId);
    if (title === undefined) return null;
    const asked = query.split(' ');
    return asked.filter((word) => title.has(word)).length / asked.length;
  };
}

export function judgeTrust({ table }: OpenedPages): string {
  const trust = fitTrust(table);
  return trust.kind === 'insufficient' ? `not identified: ${trust.reason}` : 'identified relative to rank 1';
}

function followSdbn(pages: readonly Page[]): Estimator['result'] {
  const fit = fitSdbn(pages);
  if (fit.kind === 'insufficient') return fit;
  const points = fit.theta.map((theta, index) => ({
    ...{ rank: index + 1, theta, lo: null, hi: null, shown: 0, clicks: 0, isCarried: false },
  }));
  return { kind: 'estimated', points };
}
