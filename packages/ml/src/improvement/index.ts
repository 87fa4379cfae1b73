export * from './item-delta.ts';
export * from './personal-query.ts';
export * from './user-influence.ts';
export * from './vector-math.ts';
