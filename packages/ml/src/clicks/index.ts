export * from './click-weights.ts';
export * from './judged-query.ts';
export * from './normalise-query.ts';
export * from './session-hygiene.ts';
export * from './simulate-sessions.ts';
export * from './training-query.ts';
