/** x and y of each point, one after the other. */
export type Points = Float32Array;

export interface Alignment {
  apply(points: Points): Points;
  /** Share of the target's spread that stays unexplained, 0 to 1. */
  residual: number;
}

/**
 * Turns, mirrors, scales and shifts `source` so that it lies on `target`, both in the same order of the same things
 * (Procrustes, closed form in the plane by complex numbers). With fewer than two points nothing is moved.
 */
export function alignPoints(source: Points, target: Points): Alignment {
  const [from, to] = [centreOf(source), centreOf(target)];
  let [turnRe, turnIm, mirrorRe, mirrorIm, spreadFrom, spreadTo] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < source.length; at += 2) {
    const [a, b] = [(source[at] ?? 0) - from.x, (source[at + 1] ?? 0) - from.y];
    const [c, d] = [(target[at] ?? 0) - to.x, (target[at + 1] ?? 0) - to.y];
    turnRe += a * c + b * d;
    turnIm += a * d - b * c;
    mirrorRe += a * c - b * d;
    mirrorIm += a * d + b * c;
    spreadFrom += a * a + b * b;
    spreadTo += c * c + d * d;
  }
  if (spreadFrom === 0 || spreadTo === 0) return { apply: (points) => points.slice(), residual: 1 };
  const isMirrored = Math.hypot(mirrorRe, mirrorIm) > Math.hypot(turnRe, turnIm);
  const [re, im] = isMirrored ? [mirrorRe, mirrorIm] : [turnRe, turnIm];
  const sign = isMirrored ? -1 : 1;
  const [scaleRe, scaleIm] = [re / spreadFrom, im / spreadFrom];
  const apply = (points: Points) => {
    const moved = new Float32Array(points.length);
    for (let at = 0; at < points.length; at += 2) {
      const [a, b] = [(points[at] ?? 0) - from.x, sign * ((points[at + 1] ?? 0) - from.y)];
      moved[at] = a * scaleRe - b * scaleIm + to.x;
      moved[at + 1] = a * scaleIm + b * scaleRe + to.y;
    }
    return moved;
  };
  return { apply, residual: Math.max(0, 1 - (re * re + im * im) / (spreadFrom * spreadTo)) };
}

function centreOf(points: Points): { x: number; y: number } {
  const count = Math.max(1, points.length / 2);
  let [x, y] = [0, 0];
  for (let at = 0; at < points.length; at += 2) {
    x += (points[at] ?? 0) / count;
    y += (points[at + 1] ?? 0) / count;
  }
  return { x, y };
}
