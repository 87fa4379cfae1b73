import type { Points } from './align-points.ts';
import type { VectorTable } from './vector-table.ts';

export interface ProjectionJob {
  table: VectorTable;
  /** Placed on the finished map: of the same width. */
  more: VectorTable;
  /** x and y of each row where it should begin; NaN: nowhere in particular. */
  starts: Points;
  seed: number;
  /** Rows that are laid out; the others are placed between their nearest ones of these. */
  landmarksMax: number;
}

export interface Projected {
  points: Points;
  /** Of the rows of `more`. */
  placed: Points;
}

export type ProjectionMessage = { kind: 'progress'; share: number } | { kind: 'done'; result: Projected };
