export * from './balanced.ts';
export * from './coin.ts';
export * from './credit.ts';
export type { Interleaved, InterleaveInput, Team } from './interleaved.ts';
export * from './team-draft.ts';
