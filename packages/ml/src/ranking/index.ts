export * from './compare-ranks.ts';
export * from './cross-fit.ts';
export * from './fit-fusion.ts';
export { fuseCandidates, type RankedItem } from './fuse-candidates.ts';
export type { FusionQuery } from './fusion-grid.ts';
export * from './rank-blocks.ts';
export * from './ranking-metrics.ts';
export { createRandom, shuffle } from './seeded-random.ts';
export * from './vector-spread.ts';
