export * from './halving.ts';
export * from './importance.ts';
export * from './space.ts';
