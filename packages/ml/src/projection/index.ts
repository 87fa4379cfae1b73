export * from './align-points.ts';
export * from './principal-axes.ts';
export * from './project-vectors.ts';
export * from './vector-table.ts';
