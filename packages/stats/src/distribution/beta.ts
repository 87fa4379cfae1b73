import { logGamma } from './gamma.ts';
import { normalTail } from './normal.ts';

const steps = 100_000;
const tiny = 1e-300;
const normalFrom = 1e6;

interface BetaPoint {
  a: number;
  b: number;
  /** In [0, 1]; the complement comes along because 1 − x loses digits near 1. */
  x: number;
  complement: number;
}

/** The regularised incomplete beta function I_x(a, b), DLMF 8.17. */
export function incompleteBeta({ a, b, x, complement }: BetaPoint): number {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - leftPart({ a: b, b: a, x: complement, complement: x });
  return leftPart({ a, b, x, complement });
}

function leftPart(point: BetaPoint): number {
  const { a, b, x, complement } = point;
  const logScale = a * Math.log(x) + b * Math.log(complement) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (Math.exp(logScale) / a) * continuedFraction(point);
}

/** DLMF 8.17.22, by Lentz's method as modified by Thompson and Barnett (1986). */
function continuedFraction(point: BetaPoint): number {
  let c = 1 / tiny;
  let d = 1;
  let value = 1;
  for (let step = 1; step < steps; step++) {
    const numerator = numeratorOf(step, point);
    d = 1 / (1 + numerator * d || tiny);
    c = 1 + numerator / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
}

function numeratorOf(step: number, { a, b, x }: BetaPoint): number {
  const half = step >> 1;
  const scale = (a + step - 1) * (a + step);
  return step % 2 === 0 ? (half * (b - half) * x) / scale : (-(a + half) * (a + b + half) * x) / scale;
}

/** P(T > t) of Student's t. Above a million degrees: Abramowitz and Stegun 26.7.8. */
export function studentTail(t: number, degrees: number): number {
  if (t < 0) return 1 - studentTail(-t, degrees);
  if (degrees > normalFrom) return normalTail((t * (1 - 1 / (4 * degrees))) / Math.sqrt(1 + (t * t) / (2 * degrees)));
  const below = degrees + t * t;
  return incompleteBeta({ a: degrees / 2, b: 0.5, x: degrees / below, complement: (t * t) / below }) / 2;
}

/** t with P(T ≤ t) = share, share in (0, 1): Newton's method, kept within a bracket. */
export function studentQuantile(share: number, degrees: number): number {
  if (share === 0.5) return 0;
  if (share < 0.5) return -studentQuantile(1 - share, degrees);
  const above = 1 - share;
  let [low, high] = [0, 1];
  while (above < studentTail(high, degrees)) [low, high] = [high, high * 2];
  let t = (low + high) / 2;
  for (let step = 0; step < 200; step++) {
    const miss = studentTail(t, degrees) - above;
    if (miss > 0) low = t;
    else high = t;
    const newton = t + miss / studentDensity(t, degrees);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - t) <= 1e-14 * t) return next;
    t = next;
  }
  return t;
}

function studentDensity(t: number, degrees: number): number {
  const scale = logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * Math.log(degrees * Math.PI);
  return Math.exp(scale - ((degrees + 1) / 2) * Math.log1p((t * t) / degrees));
}

/** P(F > f) of Fisher's F with `above` and `below` degrees. */
export function fisherTail(f: number, degrees: { above: number; below: number }): number {
  const { above, below } = degrees;
  const scale = below + above * f;
  return incompleteBeta({ a: below / 2, b: above / 2, x: below / scale, complement: (above * f) / scale });
}

/** P(X ≥ hits) of `trials` draws that each hit with `share`. */
export function binomialTail(hits: number, trials: number, share: number): number {
  if (hits <= 0) return 1;
  if (hits > trials) return 0;
  return incompleteBeta({ a: hits, b: trials - hits + 1, x: share, complement: 1 - share });
}
