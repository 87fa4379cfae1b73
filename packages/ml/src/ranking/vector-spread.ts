/** What a set of unit vectors looks like before and after training, over the same texts in the same order. */
export interface AnchorMeasurement {
  texts: number;
  /** Mean share of each text's k nearest texts that it keeps. */
  neighbourOverlap: number;
  before: Spread;
  after: Spread;
}

export interface Spread {
  /** Mean cosine over all pairs: near 1 when everything looks alike. */
  meanPairwiseCosine: number;
  /** (Σλ)² / Σλ² over the covariance's eigenvalues: how many directions are in use. */
  effectiveRank: number;
}

export function measureAnchor(input: {
  before: readonly Float32Array[];
  after: readonly Float32Array[];
  neighbours?: number;
}): AnchorMeasurement {
  const { before, after, neighbours = 10 } = input;
  return {
    texts: before.length,
    neighbourOverlap: neighbourOverlap({ before, after, neighbours }),
    before: { meanPairwiseCosine: meanPairwiseCosine(before), effectiveRank: effectiveRank(before) },
    after: { meanPairwiseCosine: meanPairwiseCosine(after), effectiveRank: effectiveRank(after) },
  };
}

/** (|Σv|² − Σ|v|²) / (n(n − 1)): no pair needs to be visited. */
export function meanPairwiseCosine(vectors: readonly Float32Array[]): number {
  const count = vectors.length;
  if (count < 2) return 0;
  const total = sumVectors(vectors);
  const own = vectors.reduce((sum, vector) => sum + dot(vector, vector), 0);
  return (dot(total, total) - own) / (count * (count - 1));
}

/** Participation ratio of the centred vectors, from traces alone: tr(G)² / tr(G²) with G the Gram matrix. */
export function effectiveRank(vectors: readonly Float32Array[]): number {
  const count = vectors.length;
  if (count < 2) return 0;
  const mean = sumVectors(vectors).map((value) => value / count);
  const centred = vectors.map((vector) => Float64Array.from(vector, (value, index) => value - (mean[index] ?? 0)));
  let trace = 0;
  let traceOfSquare = 0;
  for (let row = 0; row < count; row++) {
    const left = centred[row] as Float64Array;
    const own = dot(left, left);
    trace += own;
    traceOfSquare += own * own;
    for (let column = 0; column < row; column++) {
      const product = dot(left, centred[column] as Float64Array);
      traceOfSquare += 2 * product * product;
    }
  }
  return traceOfSquare === 0 ? 0 : (trace * trace) / traceOfSquare;
}

export function neighbourOverlap(input: {
  before: readonly Float32Array[];
  after: readonly Float32Array[];
  neighbours: number;
}): number {
  const { before, after } = input;
  const wanted = Math.min(input.neighbours, before.length - 1);
  if (wanted < 1) return 1;
  let kept = 0;
  for (let text = 0; text < before.length; text++) {
    const old = new Set(nearest(before, text, wanted));
    kept += nearest(after, text, wanted).filter((other) => old.has(other)).length;
  }
  return kept / (wanted * before.length);
}

function nearest(vectors: readonly Float32Array[], text: number, wanted: number): number[] {
  const own = vectors[text] as Float32Array;
  const scored = vectors.map((vector, index) => ({ index, cosine: index === text ? -2 : dot(own, vector) }));
  scored.sort((left, right) => right.cosine - left.cosine);
  return scored.slice(0, wanted).map(({ index }) => index);
}

function sumVectors(vectors: readonly Float32Array[]): Float64Array {
  const total = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let index = 0; index < total.length; index++) total[index] = (total[index] as number) + (vector[index] ?? 0);
  return total;
}

function dot(left: Float32Array | Float64Array, right: Float32Array | Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (left[index] as number) * (right[index] as number);
  return sum;
}
