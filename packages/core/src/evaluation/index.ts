export * from './decide-gate.ts';
export * from './fit-lexical.ts';
export * from './gate-rules.ts';
export * from './group-queries.ts';
export * from './segment-queries.ts';
export * from './split-sessions.ts';
