import { type Curve, type Estimate, insufficient } from './estimate.ts';
import { at, countByRank, type ImpressionTable } from './impression-table.ts';
import { clampChance, fitNonIncreasing, type Layout } from './isotonic.ts';
import { openLogisticPrior, openPooledPrior, type RelevancePrior } from './relevance-prior.ts';

export interface PbmOptions {
  layout?: Layout;
  /** What the ranker, or any model, thinks of query × item; null where it has no opinion. Only its order of size counts. */
  scoreOf?: (query: string, itemId: string) => number | null;
  /** Looks that the prior mean of a pair is worth; by default as many as the spread of the pairs' click rates says. */
  priorStrength?: number;
  iterationsMax?: number;
  /** Converged once no θ moves by more in a round. */
  tolerance?: number;
  /** How often each query of the table counts. */
  queryWeights?: ArrayLike<number>;
  /** θ to start from. */
  start?: readonly number[];
}

export interface PbmFit extends Curve {
  /** Per pair of the table. */
  gamma: Float64Array;
  iterations: number;
  isConverged: boolean;
  logLikelihood: number;
  priorStrength: number;
}

const defaults = { iterationsMax: 500, tolerance: 1e-5 };
const clicksMin = 20;
const strengthStart = 20;
const strengthBounds = { min: 0.5, max: 10_000 };

/**
 * Position-based model P(click) = θ_rank · γ_pair by expectation maximisation: θ₁ = 1, θ never rises in a list, and
 * γ = (Σ + a·μ) / (n + a), with μ of each pair from its score where one is given (regression-EM), else pooled. Unless
 * given, `a` is fitted too: pairs seen once show no spread of their own, and then the score alone speaks.
 */
export function fitPbm(table: ImpressionTable, options: PbmOptions = {}): Estimate<PbmFit> {
  const { shown, clicks } = countByRank(table, options.queryWeights);
  const total = clicks.reduce((sum, count) => sum + count, 0);
  if (total < clicksMin) return insufficient(`${Math.round(total)} clicks, ${clicksMin} are needed`);
  if ((clicks[0] ?? 0) === 0) return insufficient('rank 1 was never clicked');
  const { iterationsMax, tolerance } = { ...defaults, ...options };
  const state = openState(table, options, { shown, clicks });
  let iterations = 0;
  let moved = Number.POSITIVE_INFINITY;
  while (iterations < iterationsMax && moved > tolerance) {
    moved = runRound(table, state);
    iterations++;
  }
  return {
    kind: 'estimated',
    theta: [...state.theta],
    isMeasured: shown.map((count) => count > 0),
    gamma: state.gamma,
    iterations,
    isConverged: moved <= tolerance,
    logLikelihood: measureLikelihood(table, state),
    priorStrength: state.strength,
  };
}

interface State {
  theta: Float64Array;
  gamma: Float64Array;
  prior: RelevancePrior;
  strength: number;
  isStrengthGiven: boolean;
  layout: Layout;
  shown: number[];
  /** How often each pair counts. */
  weights: Float64Array;
}

function openState(
  table: ImpressionTable,
  options: PbmOptions,
  { shown, clicks }: { shown: number[]; clicks: number[] },
): State {
  const { pairs, ranks } = table;
  const { scoreOf, queryWeights, layout = 'list', start } = options;
  const theta = new Float64Array(ranks).map((_, rank) => (rank === 0 ? 1 : (start?.[rank] ?? 1 / Math.sqrt(rank + 1))));
  const expected = clicks.reduce((sum, count) => sum + count, 0);
  const looks = shown.reduce((sum, count, rank) => sum + count * at(theta, rank), 0);
  const count = pairs.itemIds.length;
  const mean = looks > 0 ? expected / looks : 0.5;
  const scores = scoreOf && pairs.itemIds.map((id, pair) => scoreOf(table.queries[at(pairs.queryOf, pair)] ?? '', id));
  const prior = scores ? openLogisticPrior(scores, mean) : openPooledPrior(count, mean);
  return {
    ...{ theta, layout, shown, prior },
    gamma: Float64Array.from(prior.means),
    strength: options.priorStrength ?? strengthStart,
    isStrengthGiven: options.priorStrength !== undefined,
    weights: Float64Array.from(pairs.queryOf, (query) => queryWeights?.[query] ?? 1),
  };
}

/** One round of EM; the largest move of a θ. Indexes are kept in bounds by the table, hence the plain reads. */
function runRound(table: ImpressionTable, state: State): number {
  const { gamma, weights, prior } = state;
  const expected = expectRound(table, state);
  prior.refit({ sums: expected.sums, counts: expected.counts, weights });
  if (!state.isStrengthGiven) state.strength = fitStrength(table, state);
  const { strength } = state;
  for (let pair = 0; pair < gamma.length; pair++)
    gamma[pair] =
      ((expected.sums[pair] as number) + strength * (prior.means[pair] as number)) /
      ((expected.counts[pair] as number) + strength);
  return moveTheta(state, expected.examined);
}

/** Looks expected at each rank; relevance expected of each pair (`sums`) in so many looks or possible looks (`counts`). */
function expectRound({ pairs, cells, ranks }: ImpressionTable, { theta, gamma, weights }: State) {
  const examined = new Float64Array(ranks);
  const sums = new Float64Array(gamma.length);
  const counts = new Float64Array(gamma.length);
  for (let pair = 0; pair < gamma.length; pair++) {
    const chance = gamma[pair] as number;
    const weight = weights[pair] as number;
    const end = pairs.start[pair + 1] as number;
    let [relevant, looks] = [0, 0];
    for (let cell = pairs.start[pair] as number; cell < end; cell++) {
      const rank = cells.rank[cell] as number;
      const clicks = cells.clicks[cell] as number;
      const seen = (cells.shown[cell] as number) - (cells.unseen[cell] as number);
      const look = theta[rank] as number;
      const passed = (seen - clicks) / Math.max(1 - look * chance, 1e-12);
      examined[rank] = (examined[rank] as number) + weight * (clicks + passed * look * (1 - chance));
      relevant += clicks + passed * chance * (1 - look);
      looks += seen;
    }
    sums[pair] = relevant;
    counts[pair] = looks;
  }
  return { examined, sums, counts };
}

/**
 * a of Beta(aμ, a(1 − μ)) by moments: clicks of a pair spread around m·μ (m looks expected) by chance, and beyond it as
 * far as pairs of the same μ differ.
 */
function fitStrength({ pairs, cells }: ImpressionTable, { theta, prior, weights }: State): number {
  let [possible, found] = [0, 0];
  for (let pair = 0; pair < weights.length; pair++) {
    const mean = prior.means[pair] as number;
    const weight = weights[pair] as number;
    const end = pairs.start[pair + 1] as number;
    let [clicks, looks, squares] = [0, 0, 0];
    for (let cell = pairs.start[pair] as number; cell < end; cell++) {
      const look = theta[cells.rank[cell] as number] as number;
      const seen = (cells.shown[cell] as number) - (cells.unseen[cell] as number);
      clicks += cells.clicks[cell] as number;
      looks += seen * look;
      squares += seen * look * look;
    }
    possible += weight * mean * (1 - mean) * (looks * looks - squares);
    found += weight * ((clicks - looks * mean) ** 2 - (mean * looks - mean * mean * squares));
  }
  const strength = found > 1e-9 && possible > 1e-9 ? possible / found - 1 : strengthBounds.max;
  return Math.min(strengthBounds.max, Math.max(strengthBounds.min, strength));
}

function moveTheta(state: State, examined: Float64Array): number {
  const { shown, theta, layout } = state;
  const rates = Array.from(examined, (sum, rank) => (at(shown, rank) > 0 ? sum / at(shown, rank) : at(theta, rank)));
  const fitted = [1, ...(layout === 'list' ? fitNonIncreasing(rates.slice(1), shown.slice(1)) : rates.slice(1))];
  const next = Float64Array.from(fitted, clampChance);
  const moved = next.reduce((most, value, rank) => Math.max(most, Math.abs(value - at(theta, rank))), 0);
  state.theta = next;
  return moved;
}

function measureLikelihood(table: ImpressionTable, { theta, gamma, weights }: State): number {
  const { pairs, cells } = table;
  let total = 0;
  for (let pair = 0; pair < gamma.length; pair++)
    for (let cell = at(pairs.start, pair); cell < at(pairs.start, pair + 1); cell++) {
      const chance = at(theta, at(cells.rank, cell)) * at(gamma, pair);
      const clicks = at(cells.clicks, cell);
      const passed = at(cells.shown, cell) - at(cells.unseen, cell) - clicks;
      total += at(weights, pair) * (clicks * Math.log(chance) + passed * Math.log(Math.max(1 - chance, 1e-12)));
    }
  return total;
}
