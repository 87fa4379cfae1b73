/**
 * Linear warm-up to `peak`, then half a cosine to zero.
 * @param step 1 for the first optimiser step; beyond `stepsTotal` the rate is 0.
 */
export function learningRateAt(
  step: number,
  { peak, warmupShare, stepsTotal }: { peak: number; warmupShare: number; stepsTotal: number },
): number {
  const warmupSteps = Math.ceil(warmupShare * stepsTotal);
  if (step <= warmupSteps) return (peak * step) / warmupSteps;
  const share = Math.min(1, (step - warmupSteps) / (stepsTotal - warmupSteps + 1));
  return peak * 0.5 * (1 + Math.cos(Math.PI * share));
}

const shallowLayers = 3;

/**
 * Shallow encoders take larger steps than deep ones without forgetting; adapters beside frozen weights ten times larger.
 * Where items stay, each query has only itself to move: a tenth.
 */
export function peakRateFor(of: { layers: number; isAdapted: boolean; hasFixedItems?: boolean }): number {
  const rate = of.layers <= shallowLayers ? 2e-4 : 1e-4;
  return rate * (of.isAdapted ? 10 : 1) * (of.hasFixedItems ? 0.1 : 1);
}
