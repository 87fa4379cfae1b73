export * from './align-points.ts';
export * from './principal-axes.ts';
export * from './project-in-thread.ts';
export * from './project-vectors.ts';
export type { Projected, ProjectionJob } from './projection-messages.ts';
export * from './vector-table.ts';
