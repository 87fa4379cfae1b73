/**
 * Holm's step-down adjustment: p-values of several tests made at once, in the order given. An adjusted value below a
 * level means what a single test's would: the chance of even one false alarm among all of them stays below it.
 */
export function adjustHolm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((left, right) => (pValues[left] ?? 1) - (pValues[right] ?? 1));
  const adjusted = new Array<number>(pValues.length).fill(1);
  let least = 0;
  order.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, (pValues[index] ?? 1) * (pValues.length - rank)));
    adjusted[index] = least;
  });
  return adjusted;
}
