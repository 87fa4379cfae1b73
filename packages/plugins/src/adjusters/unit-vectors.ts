export function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}

/** `a·one + b·other` */
export function combine(one: Float64Array, a: number, [other, b]: readonly [Float64Array, number]): Float64Array {
  return one.map((value, at) => a * value + b * (other[at] ?? 0));
}

/** Length 1; null for a vector without direction. */
export function toUnit(vector: Float64Array): Float64Array | null {
  const length = Math.sqrt(dot(vector, vector));
  return length > 1e-12 ? vector.map((value) => value / length) : null;
}

export function angleBetween(one: Float64Array, other: Float64Array): number {
  return Math.acos(Math.min(1, Math.max(-1, dot(one, other))));
}

/** On the great circle from one unit vector towards another, by an angle in radians; opposite vectors have no way. */
export function turnTowards(from: Float64Array, to: Float64Array, angle: number): Float64Array {
  const side = toUnit(combine(to, 1, [from, -dot(from, to)]));
  if (side === null) return from;
  return combine(from, Math.cos(angle), [side, Math.sin(angle)]);
}
