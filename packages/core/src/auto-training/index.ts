export * from './create-auto-training.ts';
export * from './get-training-policy.ts';
export * from './judge-evidence.ts';
export * from './update-training-policy.ts';
