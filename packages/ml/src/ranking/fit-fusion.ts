import type { RankingProfile } from '@embedding-studio/contracts';
import { type FusionGrid, type FusionQuery, listFusionSettings, scoreFusionGrid, weightSteps } from './fusion-grid.ts';
import { createRandom, shuffle } from './seeded-random.ts';

export interface FitFusionInput {
  queries: readonly FusionQuery[];
  /** Start: its lexical weights and efSearch are kept, and all of it when there is too little to fit on. */
  base: RankingProfile;
  seed: number;
}

const queriesMin = 8;
const folds = 5;
const repeats = 4;

/**
 * Grid search that leaves the better single leg only for a gain that holds up: settings compete by mean gain over
 * that leg minus its uncertainty, and the winner must repeat its gain on queries it was not chosen on.
 */
export function fitFusion(input: FitFusionInput): RankingProfile {
  return openFusionFit(input)(() => true);
}

/** Ranks every query by every setting once; each fit then takes some of the queries, by their index. */
export function openFusionFit({ queries, base, seed }: FitFusionInput) {
  const usable = queries.flatMap(({ judged }, index) =>
    Object.values(judged.relevant).some((grade) => grade > 0) ? [index] : [],
  );
  const chosen = usable.flatMap((index) => queries[index] ?? []);
  const grid = scoreFusionGrid(chosen, listFusionSettings(base));
  return (isTaken: (index: number) => boolean): RankingProfile => {
    const columns = Int32Array.from(usable.keys()).filter((column) => isTaken(usable[column] ?? -1));
    if (columns.length < queriesMin) return base;
    const scores = grid.scores.map((row) => Float64Array.from(columns, (column) => row[column] ?? 0));
    return fitGrid({ settings: grid.settings, queries: columns.length, scores }, base, seed);
  };
}

export function fitGrid(grid: FusionGrid, base: RankingProfile, seed: number): RankingProfile {
  const smooth = smoothGrid(grid);
  const all = Int32Array.from({ length: grid.queries }, (_, index) => index);
  const leg = findBetterLeg(grid, all);
  const winner = selectSetting(grid, smooth, all);
  const isSteady = winner === leg || isGainSteady({ grid, smooth, seed });
  const chosen = grid.settings[isSteady ? winner : leg];
  return { ...base, ...chosen, fittedOn: `${grid.queries} held-out queries` };
}

/** Standard errors asked of a gain: two for a handful of queries, one from 200 on. */
function cautionFor(queries: number): number {
  return 1 + Math.min(1, Math.max(0, (200 - queries) / 170));
}

function selectSetting(grid: FusionGrid, smooth: Float64Array[], queries: Int32Array): number {
  const leg = findBetterLeg(grid, queries);
  const reference = grid.scores[leg] as Float64Array;
  const caution = cautionFor(queries.length);
  let best = leg;
  let bestBound = 0;
  for (let row = 1; row < grid.settings.length - 1; row++) {
    const { mean, error } = compareRows(smooth[row] as Float64Array, reference, queries);
    const bound = mean - caution * error;
    if (bound > bestBound + 1e-12) {
      best = row;
      bestBound = bound;
    }
  }
  return best;
}

/** Repeated cross-validation of the whole selection: is its out-of-fold gain above its better leg more than noise? */
function isGainSteady({ grid, smooth, seed }: { grid: FusionGrid; smooth: Float64Array[]; seed: number }): boolean {
  const gains = new Float64Array(grid.queries);
  const random = createRandom(seed);
  const order = Array.from({ length: grid.queries }, (_, index) => index);
  const leg = grid.scores[findBetterLeg(grid, Int32Array.from(order))] as Float64Array;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const shuffled = shuffle(order, random);
    for (let fold = 0; fold < folds; fold++) {
      const inside = Int32Array.from(shuffled.filter((_, place) => place % folds !== fold));
      const chosen = grid.scores[selectSetting(grid, smooth, inside)] as Float64Array;
      for (let place = fold; place < shuffled.length; place += folds) {
        const query = shuffled[place] as number;
        gains[query] = (gains[query] as number) + ((chosen[query] as number) - (leg[query] as number)) / repeats;
      }
    }
  }
  const { mean, error } = compareRows(gains, new Float64Array(grid.queries), Int32Array.from(order));
  return mean - cautionFor(grid.queries) * error > 0;
}

function findBetterLeg(grid: FusionGrid, queries: Int32Array): number {
  const last = grid.settings.length - 1;
  const { mean } = compareRows(grid.scores[last] as Float64Array, grid.scores[0] as Float64Array, queries);
  return mean > 0 ? last : 0;
}

/** Each inner setting averaged with its neighbours in weight, so that a plateau beats a lone peak. */
function smoothGrid(grid: FusionGrid): Float64Array[] {
  const inner = weightSteps - 1;
  const last = grid.settings.length - 1;
  return grid.scores.map((row, index) => {
    if (index === 0 || index === last) return row;
    const step = (index - 1) % inner;
    const before = grid.scores[step === 0 ? 0 : index - 1] as Float64Array;
    const after = grid.scores[step === inner - 1 ? last : index + 1] as Float64Array;
    return row.map((score, query) => score / 2 + (before[query] as number) / 4 + (after[query] as number) / 4);
  });
}

function compareRows(row: Float64Array, reference: Float64Array, queries: Int32Array) {
  let sum = 0;
  let squares = 0;
  for (const query of queries) {
    const gain = (row[query] as number) - (reference[query] as number);
    sum += gain;
    squares += gain * gain;
  }
  const count = queries.length;
  const mean = sum / count;
  const variance = Math.max(0, squares / count - mean * mean) * (count / Math.max(1, count - 1));
  return { mean, error: Math.sqrt(variance / count) };
}
