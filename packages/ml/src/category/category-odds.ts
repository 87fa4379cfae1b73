import type { CategoryCalibration } from '@embedding-studio/contracts';

/** What is known about one category and one query. */
export interface CategoryEvidence {
  category: string;
  /** Of the query's vector with the category's centroid. */
  cosine: number;
  /** Weight of all clicks on the category's items. */
  clicks: number;
  /** Weight of the clicks after this very query. */
  queryClicks: number;
}

export interface CategoryOdds {
  category: string;
  probability: number;
}

/**
 * p = (clicks of the query + m · softmax(cosine / T + β · ln share)) / (their sum + m), where share is the category's
 * smoothed share of all clicks. Most likely first.
 */
export function categoryOdds(
  evidence: readonly CategoryEvidence[],
  calibration: Omit<CategoryCalibration, 'threshold'>,
): CategoryOdds[] {
  const { temperature, clickPrior, centroidClicks } = calibration;
  const allClicks = sum(evidence.map(({ clicks }) => clicks)) + evidence.length;
  const logits = evidence.map(
    ({ cosine, clicks }) => cosine / temperature + clickPrior * Math.log((clicks + 1) / allClicks),
  );
  const queryClicks = sum(evidence.map((one) => one.queryClicks));
  return softmax(logits)
    .map((probability, index) => ({
      category: evidence[index]?.category ?? '',
      probability:
        ((evidence[index]?.queryClicks ?? 0) + centroidClicks * probability) / (queryClicks + centroidClicks),
    }))
    .sort((left, right) => right.probability - left.probability || (left.category < right.category ? -1 : 1));
}

/** The odds down to half of the first one's; none when the first is not likely enough. */
export function chooseCategories(odds: readonly CategoryOdds[], threshold: number): CategoryOdds[] {
  const first = odds[0];
  if (first === undefined || first.probability < threshold) return [];
  return odds.filter(({ probability }) => probability >= first.probability / 2);
}

function softmax(logits: readonly number[]): number[] {
  const highest = logits.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
  const powers = logits.map((value) => Math.exp(value - highest));
  const total = sum(powers);
  return powers.map((value) => value / total);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
