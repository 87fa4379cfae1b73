export * from './estimate-exploration.ts';
export * from './get-exploration-policy.ts';
export * from './update-exploration-policy.ts';
