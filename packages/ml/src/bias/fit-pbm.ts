import { type Curve, type Estimate, insufficient } from './estimate.ts';
import { at, countByRank, type ImpressionTable } from './impression-table.ts';
import { clampChance, fitNonIncreasing, type Layout, toRelative } from './isotonic.ts';
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
/** Starting from click rates nothing moves before the pairs part. */
const roundsMin = 10;
/** From 1 no θ ever comes down, and from far down it takes long to come up. */
const startBounds = { min: 0.02, max: 0.95 };
const strengthStart = 20;
/** Pairs that came more than once, below which their spread is an accident. */
const tellingMin = 50;
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
  while (iterations < iterationsMax && (moved > tolerance || iterations < roundsMin)) {
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
  /** Possible looks at each pair. */
  counts: Float64Array;
  /** Per cell, what one look without a click added to the relevance of its pair in the round before. */
  passedOf: Float64Array;
}

function openState(
  table: ImpressionTable,
  options: PbmOptions,
  { shown, clicks }: { shown: number[]; clicks: number[] },
): State {
  const { pairs, cells } = table;
  const { scoreOf, queryWeights, layout = 'list', start } = options;
  const rates = shown.map((sum, rank) => (sum > 0 ? at(clicks, rank) / sum : 0));
  const theta = Float64Array.from(start ?? toRelative(rates, shown, 'list'), (value, rank) =>
    rank === 0 ? 1 : Math.min(startBounds.max, Math.max(startBounds.min, value)),
  );
  const looks = shown.reduce((sum, count, rank) => sum + count * at(theta, rank), 0);
  const count = pairs.itemIds.length;
  const mean = looks > 0 ? clicks.reduce((sum, each) => sum + each, 0) / looks : 0.5;
  const scores = scoreOf && pairs.itemIds.map((id, pair) => scoreOf(table.queries[at(pairs.queryOf, pair)] ?? '', id));
  const prior = scores ? openLogisticPrior(scores, mean) : openPooledPrior(count, mean);
  return {
    ...{ theta, layout, shown, prior },
    gamma: Float64Array.from(prior.means),
    passedOf: new Float64Array(cells.rank.length).fill(at(prior.means, 0)),
    strength: options.priorStrength ?? strengthStart,
    isStrengthGiven: options.priorStrength !== undefined,
    weights: Float64Array.from(pairs.queryOf, (query) => queryWeights?.[query] ?? 1),
    counts: countLooks(table),
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

/**
 * Looks expected at each rank, and relevance expected of each pair (`sums`) in so many possible looks (`counts`). A
 * click that did not come is judged by what the other looks at the pair say, lest each bear itself out.
 */
function expectRound({ pairs, cells, ranks }: ImpressionTable, state: State) {
  const { theta, gamma, weights, counts, strength, passedOf } = state;
  const examined = new Float64Array(ranks);
  const sums = new Float64Array(gamma.length);
  for (let pair = 0; pair < gamma.length; pair++) {
    const known = (counts[pair] as number) + strength;
    const all = (gamma[pair] as number) * known;
    const weight = weights[pair] as number;
    const end = pairs.start[pair + 1] as number;
    let relevant = 0;
    for (let cell = pairs.start[pair] as number; cell < end; cell++) {
      const rank = cells.rank[cell] as number;
      const clicks = cells.clicks[cell] as number;
      const passed = (cells.shown[cell] as number) - (cells.unseen[cell] as number) - clicks;
      const look = theta[rank] as number;
      const others = keepInside((all - (passedOf[cell] as number)) / Math.max(known - 1, 1e-9));
      const own = (others * (1 - look)) / (1 - look * others);
      passedOf[cell] = own;
      examined[rank] =
        (examined[rank] as number) + weight * (clicks + (passed * look * (1 - others)) / (1 - look * others));
      relevant += clicks + passed * own;
    }
    sums[pair] = relevant;
  }
  return { examined, sums, counts };
}

const keepInside = (chance: number): number => Math.min(1 - 1e-9, Math.max(1e-9, chance));

function countLooks({ pairs, cells }: ImpressionTable): Float64Array {
  return Float64Array.from(pairs.queryOf, (_, pair) => {
    let looks = 0;
    for (let cell = at(pairs.start, pair); cell < at(pairs.start, pair + 1); cell++)
      looks += at(cells.shown, cell) - at(cells.unseen, cell);
    return looks;
  });
}

/**
 * a of Beta(aμ, a(1 − μ)) by moments: clicks of a pair spread around m·μ (m looks expected) by chance, and beyond it as
 * far as pairs of the same μ differ. Only pairs shown more than once can tell.
 */
function fitStrength({ pairs, cells }: ImpressionTable, { theta, prior, weights }: State): number {
  let [possible, found, telling] = [0, 0, 0];
  for (let pair = 0; pair < weights.length; pair++) {
    const mean = prior.means[pair] as number;
    const weight = weights[pair] as number;
    const end = pairs.start[pair + 1] as number;
    let [clicks, looks, squares, times] = [0, 0, 0, 0];
    for (let cell = pairs.start[pair] as number; cell < end; cell++) {
      const look = theta[cells.rank[cell] as number] as number;
      const seen = (cells.shown[cell] as number) - (cells.unseen[cell] as number);
      clicks += cells.clicks[cell] as number;
      times += seen;
      looks += seen * look;
      squares += seen * look * look;
    }
    if (times < 2) continue;
    telling += weight;
    possible += weight * mean * (1 - mean) * (looks * looks - squares);
    found += weight * ((clicks - looks * mean) ** 2 - (mean * looks - mean * mean * squares));
  }
  const strength = telling >= tellingMin && found > 1e-9 && possible > 1e-9 ? possible / found - 1 : strengthBounds.max;
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
