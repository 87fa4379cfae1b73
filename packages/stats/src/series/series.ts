/** A curve as columns of equal length, x in ascending order. */
export interface Curve {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

export interface Point {
  x: number;
  y: number;
}

export function pointsOf({ x, y }: Curve): Point[] {
  return Array.from({ length: x.length }, (_, at) => ({ x: x[at] ?? Number.NaN, y: y[at] ?? Number.NaN }));
}
