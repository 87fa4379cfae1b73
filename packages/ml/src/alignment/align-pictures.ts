import { pickRows, rowOf, rowsOf, type VectorTable } from '../projection/vector-table.ts';
import { createRandom, shuffle } from '../ranking/seeded-random.ts';
import { dot, gramOf, pickGram, solveRidge } from './kernel-ridge.ts';
import { chanceOf, measureCaptions, type RankFigures } from './measure-captions.ts';

export interface CaptionedPictures {
  /** Features of the pictures, as the backbone gives them. */
  features: VectorTable;
  /** Unit vectors of their captions by the text tower, row for row. */
  captions: VectorTable;
  /** Rows of one group are never on both sides of a fold: the same caption twice, say. */
  groups: readonly string[];
  seed: number;
}

export interface AlignedHead {
  /** [features][dims]; a picture's vector is features · weight + bias, brought to unit length. */
  weight: Float32Array;
  bias: Float32Array;
  /** Share of the mean squared length of the centred features; chosen by `heldOut`. */
  ridge: number;
  /** A caption asks for its picture among `pictures`, each placed by a head that was fitted without it. */
  heldOut: RankFigures & { pictures: number; chance: RankFigures };
}

const ridges = [0.03, 0.1, 0.3, 1];
const folds = 4;
/** Captioned pictures that choose the ridge; the time for it grows with their cube. */
const judgedMax = 1_000;

/**
 * A linear head that puts pictures where their captions are: ridge regression from centred features to centred captions,
 * its strength chosen by cross-validation. The direction that all captions have in common is taken out of it, so that no
 * picture is near to everything that is asked, whatever it be.
 */
export function alignPictures({ features, captions, groups, seed }: CaptionedPictures): AlignedHead {
  const centre = meanOf(features);
  const shared = meanOf(captions);
  const centred = minus(features, centre);
  const targets = withoutDirection(minus(captions, shared), shared);
  const gram = gramOf(centred);
  const best = chooseRidge({ gram, targets, captions, groups, seed });
  const weight = mapOf(centred, solveRidge(gram, targets, best.ridge));
  return { weight, bias: minusCentre(weight, centre, captions.width), ...best };
}

function chooseRidge(whole: {
  gram: Float64Array;
  targets: VectorTable;
  captions: VectorTable;
  groups: readonly string[];
  seed: number;
}): Pick<AlignedHead, 'ridge' | 'heldOut'> {
  const rows = whole.groups.length;
  const step = Math.max(1, rows / judgedMax);
  const chosen = Array.from({ length: Math.min(rows, judgedMax) }, (_, at) => Math.floor(at * step));
  const gram = pickGram(whole.gram, rows, chosen);
  const [captions, targets] = [pickRows(whole.captions, chosen), pickRows(whole.targets, chosen)];
  const groups = chosen.map((row) => whole.groups[row] ?? '');
  const foldOf = drawFolds(groups, whole.seed);
  const tried = ridges.map((ridge) => ({
    ridge,
    figures: measureCaptions(captions, predictHeldOut({ gram, targets, foldOf, ridge })),
  }));
  const best = tried.reduce((left, right) => (right.figures.logRank < left.figures.logRank ? right : left));
  const { recall10, mrr } = best.figures;
  return { ridge: best.ridge, heldOut: { pictures: chosen.length, recall10, mrr, chance: chanceOf(chosen.length) } };
}

interface Fold {
  gram: Float64Array;
  targets: VectorTable;
  foldOf: readonly number[];
  ridge: number;
}

/** Every picture by a fit over the other folds. */
function predictHeldOut({ gram, targets, foldOf, ridge }: Fold): VectorTable {
  const { width } = targets;
  const rows = foldOf.length;
  const values = new Float32Array(rows * width);
  for (let fold = 0; fold < folds; fold++) {
    const kept = foldOf.flatMap((own, row) => (own === fold ? [] : [row]));
    const solved = solveRidge(pickGram(gram, rows, kept), pickRows(targets, kept), ridge);
    foldOf.forEach((own, row) => {
      if (own !== fold) return;
      const place = values.subarray(row * width, (row + 1) * width);
      for (const [index, other] of kept.entries())
        addScaled(place, rowOf(solved, index), gram[row * rows + other] ?? 0);
    });
  }
  return { values, width };
}

function drawFolds(groups: readonly string[], seed: number): number[] {
  const order = shuffle([...new Set(groups)], createRandom(seed));
  const foldOf = new Map(order.map((group, place) => [group, place % folds]));
  return groups.map((group) => foldOf.get(group) ?? 0);
}

/** [features][dims] from the solution by rows. */
function mapOf(features: VectorTable, solved: VectorTable): Float32Array {
  const weight = new Float32Array(features.width * solved.width);
  for (let row = 0; row < rowsOf(features); row++) {
    const own = rowOf(features, row);
    for (let feature = 0; feature < own.length; feature++)
      addScaled(
        weight.subarray(feature * solved.width, (feature + 1) * solved.width),
        rowOf(solved, row),
        own[feature] ?? 0,
      );
  }
  return weight;
}

function minusCentre(weight: Float32Array, centre: Float32Array, dims: number): Float32Array {
  const bias = new Float32Array(dims);
  for (const [feature, value] of centre.entries())
    addScaled(bias, weight.subarray(feature * dims, (feature + 1) * dims), -value);
  return bias;
}

function meanOf(table: VectorTable): Float32Array {
  const mean = new Float32Array(table.width);
  const rows = rowsOf(table);
  for (let row = 0; row < rows; row++) addScaled(mean, rowOf(table, row), 1 / rows);
  return mean;
}

function minus(table: VectorTable, mean: Float32Array): VectorTable {
  return { width: table.width, values: table.values.map((value, place) => value - (mean[place % table.width] ?? 0)) };
}

function withoutDirection(table: VectorTable, direction: Float32Array): VectorTable {
  const square = dot(direction, direction);
  const values = Float32Array.from(table.values);
  if (square === 0) return { values, width: table.width };
  for (let row = 0; row < rowsOf(table); row++) {
    const own = values.subarray(row * table.width, (row + 1) * table.width);
    addScaled(own, direction, -dot(own, direction) / square);
  }
  return { values, width: table.width };
}

function addScaled(to: Float32Array, from: Float32Array, by: number): void {
  for (let place = 0; place < to.length; place++) to[place] = (to[place] as number) + by * (from[place] as number);
}
