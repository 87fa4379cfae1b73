export function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at++) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}

export function normOf(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector));
}

/** `left + factor · right`. */
export function addScaled(left: Float32Array, right: Float32Array, factor: number): Float32Array {
  return left.map((value, at) => value + factor * (right[at] ?? 0));
}

/** Of unit length; null for a vector without a direction. */
export function toUnit(vector: Float32Array): Float32Array | null {
  const norm = normOf(vector);
  return norm > 1e-9 ? vector.map((value) => value / norm) : null;
}
