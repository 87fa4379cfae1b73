const seriesUpTo = 3;
const fractionTerms = 60;

export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/**
 * P(Z > z), to about 1e-13 relative: the series of Abramowitz and Stegun 26.2.11 near zero, their continued fraction
 * 26.2.14 in the tail.
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  if (z < seriesUpTo) {
    let term = z;
    let sum = z;
    for (let odd = 3; term > sum * 1e-17; odd += 2) {
      term *= (z * z) / odd;
      sum += term;
    }
    return 0.5 - normalDensity(z) * sum;
  }
  let fraction = 0;
  for (let step = fractionTerms; step >= 1; step--) fraction = step / (z + fraction);
  return normalDensity(z) / (z + fraction);
}

export function normalCdf(z: number): number {
  return normalTail(-z);
}

/** z with P(Z ≤ z) = share, share in (0, 1): Abramowitz and Stegun 26.2.23, sharpened by three steps of Halley's. */
export function normalQuantile(share: number): number {
  if (share > 0.5) return -normalQuantile(1 - share);
  if (share === 0.5) return 0;
  const t = Math.sqrt(-2 * Math.log(share));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  let z = t - above / below;
  for (let step = 0; step < 3; step++) {
    const miss = (normalTail(z) - share) / normalDensity(z);
    z += miss / (1 - (miss * z) / 2);
  }
  return -z;
}
