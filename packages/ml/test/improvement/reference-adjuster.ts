import { dot, normOf } from '../../src/improvement/index.ts';

interface Moments {
  first: Float64Array;
  second: Float64Array;
}

/**
 * The baseline: AdamW (rate .1, ten steps, decay .01) on the vectors of the list themselves, with the loss
 * −mean cos³(clicked) + mean cos³(not clicked). Nothing bounds the step and nothing brings vectors back to unit length.
 */
export function adjustLikeReference(
  query: Float32Array,
  list: readonly Float32Array[],
  clicked: number,
): Float32Array[] {
  const moved = list.map((vector) => Float32Array.from(vector));
  const moments = list.map(
    (vector): Moments => ({ first: new Float64Array(vector.length), second: new Float64Array(vector.length) }),
  );
  for (let step = 1; step <= 10; step++)
    moved.forEach((vector, at) => {
      const share = at === clicked ? -1 : 1 / (list.length - 1);
      stepOnce({ vector, query, moments: moments[at] as Moments, share, step });
    });
  return moved;
}

function stepOnce(one: {
  vector: Float32Array;
  query: Float32Array;
  moments: Moments;
  share: number;
  step: number;
}): void {
  const { vector, query, moments, share, step } = one;
  const norm = normOf(vector);
  const cosine = dot(vector, query) / norm;
  for (let at = 0; at < vector.length; at++) {
    const value = vector[at] ?? 0;
    const slope = share * 3 * cosine ** 2 * ((query[at] ?? 0) / norm - (cosine * value) / norm ** 2);
    const first = 0.9 * (moments.first[at] ?? 0) + 0.1 * slope;
    const second = 0.999 * (moments.second[at] ?? 0) + 0.001 * slope ** 2;
    moments.first[at] = first;
    moments.second[at] = second;
    const update = first / (1 - 0.9 ** step) / (Math.sqrt(second / (1 - 0.999 ** step)) + 1e-8);
    vector[at] = value * (1 - 0.1 * 0.01) - 0.1 * update;
  }
}
