export * from './create-experiment-keeper.ts';
export * from './roll-back-experiment.ts';
export * from './ship-arm.ts';
