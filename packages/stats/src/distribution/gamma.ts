const stirlingFrom = 12;
const bernoulliTerms = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];
const steps = 100_000;
const precise = 1e-16;
const tiny = 1e-300;

/** ln Γ(x) for x > 0: Stirling's series (DLMF 5.11.1) above 12, the recurrence below. */
export function logGamma(x: number): number {
  let product = 1;
  let shifted = x;
  for (; shifted < stirlingFrom; shifted++) product *= shifted;
  let correction = 0;
  let power = 1 / shifted;
  for (const term of bernoulliTerms) {
    correction += term * power;
    power /= shifted * shifted;
  }
  return (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + correction - Math.log(product);
}

/** P(X² > x) of chi-square with `degrees`: the regularised upper incomplete gamma function. */
export function chiSquareTail(x: number, degrees: number): number {
  if (x <= 0) return 1;
  const shape = degrees / 2;
  const half = x / 2;
  const scale = Math.exp(shape * Math.log(half) - half - logGamma(shape));
  return half < shape + 1 ? 1 - scale * lowerSeries(shape, half) : scale * upperFraction(shape, half);
}

/** DLMF 8.11.4. */
function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let step = 1; step < steps && term > sum * precise; step++) {
    term *= x / (shape + step);
    sum += term;
  }
  return sum;
}

/** DLMF 8.9.2 in its even part, by Lentz's method as modified by Thompson and Barnett (1986). */
function upperFraction(shape: number, x: number): number {
  let denominator = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / denominator;
  let value = d;
  for (let step = 1; step < steps; step++) {
    const numerator = -step * (step - shape);
    denominator += 2;
    d = 1 / (denominator + numerator * d || tiny);
    c = denominator + numerator / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
}
