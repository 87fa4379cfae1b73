export * from './explore.ts';
export * from './score-candidate.ts';
