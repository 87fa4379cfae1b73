export * from './get-golden-runs.ts';
export * from './golden-policy.ts';
export * from './request-golden-run.ts';
