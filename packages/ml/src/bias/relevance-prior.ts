/** γ of a pair = chance that its item is clicked once it is looked at. */
export interface RelevancePrior {
  /** Prior mean μ of each pair, kept within (0, 1). */
  means: Float64Array;
  /** Refits μ on the relevance expected in this round: `sums` of `counts` looks per pair, each pair counted `weights` times. */
  refit(expected: { sums: Float64Array; counts: Float64Array; weights: Float64Array }): void;
}

const newtonSteps = 2;
const edge = 1e-4;

/** One μ for every pair: their pooled relevance. */
export function openPooledPrior(pairs: number, start: number): RelevancePrior {
  const means = new Float64Array(pairs).fill(keepInside(start));
  return {
    means,
    refit: ({ sums, counts, weights }) => {
      let [total, count] = [0, 0];
      for (let pair = 0; pair < sums.length; pair++) {
        total += (sums[pair] as number) * (weights[pair] as number);
        count += (counts[pair] as number) * (weights[pair] as number);
      }
      if (count > 0) means.fill(keepInside(total / count));
    },
  };
}

/**
 * μ = σ(a + b · score) with b ≥ 0, refitted each round (regression-EM): queries asked once share what the score tells.
 * Pairs without a score get the mean one.
 */
export function openLogisticPrior(scores: readonly (number | null)[], start: number): RelevancePrior {
  const values = standardise(scores);
  const line = { intercept: Math.log(keepInside(start) / (1 - keepInside(start))), slope: 0 };
  const means = new Float64Array(values.length).fill(keepInside(start));
  return {
    means,
    refit: (expected) => {
      for (let step = 0; step < newtonSteps; step++) moveLine(line, values, expected);
      for (let pair = 0; pair < values.length; pair++)
        means[pair] = keepInside(logistic(line.intercept + line.slope * (values[pair] as number)));
    },
  };
}

type Expected = Parameters<RelevancePrior['refit']>[0];

/** One Newton step of the weighted log likelihood, held at a slope of 0 or above. */
function moveLine(line: { intercept: number; slope: number }, values: Float64Array, expected: Expected): void {
  const { sums, counts, weights } = expected;
  let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9];
  for (let pair = 0; pair < values.length; pair++) {
    const value = values[pair] as number;
    const weight = weights[pair] as number;
    const looks = (counts[pair] as number) * weight;
    const mean = logistic(line.intercept + line.slope * value);
    const gap = (sums[pair] as number) * weight - looks * mean;
    const spread = looks * mean * (1 - mean);
    g0 += gap;
    g1 += gap * value;
    h00 += spread;
    h01 += spread * value;
    h11 += spread * value * value;
  }
  const determinant = h00 * h11 - h01 * h01;
  const slope = determinant > 1e-12 * h00 * h11 ? line.slope + (h00 * g1 - h01 * g0) / determinant : 0;
  line.intercept = limit(slope > 0 ? line.intercept + (h11 * g0 - h01 * g1) / determinant : line.intercept + g0 / h00);
  line.slope = limit(Math.max(0, slope));
}

function standardise(scores: readonly (number | null)[]): Float64Array {
  const known = scores.filter((score): score is number => score !== null && Number.isFinite(score));
  const mean = known.reduce((sum, score) => sum + score, 0) / Math.max(1, known.length);
  const variance = known.reduce((sum, score) => sum + (score - mean) ** 2, 0) / Math.max(1, known.length);
  const spread = Math.sqrt(variance) || 1;
  return Float64Array.from(scores, (score) => (score !== null && Number.isFinite(score) ? (score - mean) / spread : 0));
}

const limit = (value: number): number => Math.min(30, Math.max(-30, value));
const logistic = (value: number): number => 1 / (1 + Math.exp(-value));
const keepInside = (value: number): number => Math.min(1 - edge, Math.max(edge, value));
