export * from './roll-back-experiment.ts';
export * from './ship-arm.ts';
