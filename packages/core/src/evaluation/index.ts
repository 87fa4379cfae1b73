export * from './decide-gate.ts';
export * from './fit-lexical.ts';
export { formatCount } from './gate-numbers.ts';
export * from './gate-query.ts';
export * from './gate-rules.ts';
export * from './group-queries.ts';
export * from './measure-delta.ts';
export * from './segment-queries.ts';
export * from './split-sessions.ts';
