/**
 * Benjamini and Hochberg's step-up adjustment (1995): p-values of several tests made at once, in the order given. Of
 * those whose adjusted value is below a level at most that share is expected to be a false alarm.
 */
export function adjustBenjaminiHochberg(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((left, right) => (pValues[right] ?? 1) - (pValues[left] ?? 1));
  const adjusted = new Array<number>(pValues.length).fill(1);
  let most = 1;
  order.forEach((index, above) => {
    most = Math.min(most, ((pValues[index] ?? 1) * pValues.length) / (pValues.length - above));
    adjusted[index] = most;
  });
  return adjusted;
}
