export * from './beta.ts';
export * from './gamma.ts';
export * from './normal.ts';
