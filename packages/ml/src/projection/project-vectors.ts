import { UMAP } from 'umap-js';
import { createRandom } from '../ranking/seeded-random.ts';
import type { Points } from './align-points.ts';
import { alongAxes, findPrincipalAxes } from './principal-axes.ts';
import { pickRows, rowOf, rowsOf, type VectorTable } from './vector-table.ts';

export interface ProjectionOptions {
  seed: number;
  /** Rows that are laid out; the others are placed between their nearest ones of these. */
  landmarksMax: number;
  /** Where rows should begin, e.g. on an earlier map: x and y of the row, or null. */
  startOf?: (row: number) => readonly [number, number] | null;
  /** Called often with the share that is done; may wait, and throws to stop. */
  onProgress?: (share: number) => Promise<void>;
}

export interface Projection {
  points: Points;
  /** Places more rows of the same width on the map. */
  place(table: VectorTable): Points;
}

const axesMax = 50;
const neighbours = 15;
const epochs = 200;
const nearest = 8;
const rowsPerPause = 200;

/** A map of many dimensions in two: near rows stay near (UMAP, McInnes, Healy & Melville 2018, on landmarks). */
export async function projectVectors(table: VectorTable, options: ProjectionOptions): Promise<Projection> {
  const { seed, landmarksMax, onProgress = async () => undefined } = options;
  const chosen = chooseLandmarks(rowsOf(table), { landmarksMax, seed });
  const axes = findPrincipalAxes(pickRows(table, chosen), { count: axesMax, seed });
  await onProgress(0.1);
  const landmarks = alongAxes(pickRows(table, chosen), axes);
  const layout = await layOut(landmarks, { ...options, onProgress, chosen });
  const placeOne = (row: Float32Array) => placeBetween(row, { landmarks, layout });
  const points = new Float32Array(rowsOf(table) * 2);
  const places = new Map(chosen.map((row, place) => [row, place]));
  for (let start = 0; start < rowsOf(table); start += rowsPerPause) {
    const rows = Array.from({ length: Math.min(rowsPerPause, rowsOf(table) - start) }, (_, at) => start + at);
    const along = alongAxes(pickRows(table, rows), axes);
    for (const [at, row] of rows.entries()) {
      const place = places.get(row);
      points.set(place === undefined ? placeOne(rowOf(along, at)) : layout.subarray(place * 2, place * 2 + 2), row * 2);
    }
    await onProgress(0.6 + 0.4 * (start / rowsOf(table)));
  }
  const place = (more: VectorTable) => {
    const along = alongAxes(more, axes);
    const placed = new Float32Array(rowsOf(more) * 2);
    for (let row = 0; row < rowsOf(more); row++) placed.set(placeOne(rowOf(along, row)), row * 2);
    return placed;
  };
  return { points, place };
}

function chooseLandmarks(rows: number, { landmarksMax, seed }: { landmarksMax: number; seed: number }): number[] {
  const all = Array.from({ length: rows }, (_, row) => row);
  if (rows <= landmarksMax) return all;
  const random = createRandom(seed);
  for (let at = 0; at < landmarksMax; at++) {
    const other = at + Math.floor(random() * (rows - at));
    [all[at], all[other]] = [all[other] ?? 0, all[at] ?? 0];
  }
  return all.slice(0, landmarksMax).sort((left, right) => left - right);
}

type LayoutOptions = Required<Pick<ProjectionOptions, 'onProgress'>> &
  ProjectionOptions & { chosen: readonly number[] };

async function layOut(landmarks: VectorTable, options: LayoutOptions): Promise<Points> {
  const { seed, startOf, onProgress, chosen } = options;
  const count = rowsOf(landmarks);
  const begin = startPoints(landmarks, (place) => startOf?.(chosen[place] ?? 0) ?? null);
  if (count <= neighbours + 1) return begin;
  const random = createRandom(seed);
  const umap = new UMAP({ nComponents: 2, nNeighbors: neighbours, minDist: 0.1, nEpochs: epochs, random });
  umap.initializeFit(Array.from({ length: count }, (_, row) => [...rowOf(landmarks, row)]));
  // The layout is worked on in place: what is written here is where it begins.
  for (const [row, point] of umap.getEmbedding().entries()) {
    point[0] = begin[row * 2] ?? 0;
    point[1] = begin[row * 2 + 1] ?? 0;
  }
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (epoch % 5 === 0) await onProgress(0.2 + (0.4 * epoch) / epochs);
  }
  return Float32Array.from(umap.getEmbedding().flatMap(([x = 0, y = 0]) => [x, y]));
}

/** The first two axes, spread over about ±10, or where the caller wants them. */
function startPoints(landmarks: VectorTable, startOf: (place: number) => readonly [number, number] | null): Points {
  const begin = new Float32Array(rowsOf(landmarks) * 2);
  let widest = 1e-9;
  for (let row = 0; row < rowsOf(landmarks); row++) {
    const [x = 0, y = 0] = rowOf(landmarks, row);
    begin.set([x, y], row * 2);
    widest = Math.max(widest, Math.abs(x), Math.abs(y));
  }
  for (let row = 0; row < rowsOf(landmarks); row++) {
    const wanted = startOf(row);
    const plain = [((begin[row * 2] ?? 0) * 10) / widest, ((begin[row * 2 + 1] ?? 0) * 10) / widest];
    begin.set(wanted ?? plain, row * 2);
  }
  return begin;
}

/** Mean of the nearest landmarks' places, nearer ones weighing more. */
function placeBetween(row: Float32Array, map: { landmarks: VectorTable; layout: Points }): [number, number] {
  const { landmarks, layout } = map;
  const best: { index: number; distance: number }[] = [];
  for (let index = 0; index < rowsOf(landmarks); index++) {
    const distance = squaredDistance(row, rowOf(landmarks, index));
    const worst = best.at(-1);
    if (best.length === nearest && worst !== undefined && distance >= worst.distance) continue;
    if (best.length === nearest) best.pop();
    const at = best.findIndex((one) => one.distance > distance);
    best.splice(at === -1 ? best.length : at, 0, { index, distance });
  }
  const scale = Math.max(best[0]?.distance ?? 0, 1e-9);
  let [x, y, total] = [0, 0, 0];
  for (const { index, distance } of best) {
    const weight = 1 / (distance / scale + 0.1) ** 2;
    x += weight * (layout[index * 2] ?? 0);
    y += weight * (layout[index * 2 + 1] ?? 0);
    total += weight;
  }
  return total === 0 ? [0, 0] : [x / total, y / total];
}

function squaredDistance(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += ((left[at] ?? 0) - (right[at] ?? 0)) ** 2;
  return sum;
}
