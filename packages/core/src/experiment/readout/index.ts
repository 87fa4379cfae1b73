export { computeReadout, type ReadoutFields } from './compute-readout.ts';
export * from './estimate-duration.ts';
export * from './list-readouts.ts';
export type * from './readout-inputs.ts';
export * from './slice-readout.ts';
export { type TakenReadout, takeReadout } from './take-readout.ts';
