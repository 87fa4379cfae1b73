/** Weighted least-squares fit that never rises (pool adjacent violators). Values of weight 0 follow their neighbours. */
export function fitNonIncreasing(values: readonly number[], weights: readonly number[]): number[] {
  const blocks: { sum: number; weight: number; count: number }[] = [];
  values.forEach((value, index) => {
    const weight = Math.max(weights[index] ?? 0, 1e-9);
    let block = { sum: value * weight, weight, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.weight < block.sum / block.weight; last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: block.sum + last.sum, weight: block.weight + last.weight, count: block.count + last.count };
    }
    blocks.push(block);
  });
  return blocks.flatMap(({ sum, weight, count }) => new Array<number>(count).fill(sum / weight));
}

/** A list is read from the top, so that chances fall; in a grid they need not. */
export type Layout = 'list' | 'grid';

/** θ_k relative to rank 1, within (0, 1], smoothed to never rise unless the layout is a grid. */
export function toRelative(rates: readonly number[], weights: readonly number[], layout: Layout): number[] {
  const smooth = layout === 'list' ? fitNonIncreasing(rates, weights) : [...rates];
  const first = smooth[0] ?? 0;
  return smooth.map((rate) => (first > 0 ? clampChance(rate / first) : 1));
}

export const thetaMin = 1e-3;
export const clampChance = (value: number): number => Math.min(1, Math.max(thetaMin, value));
