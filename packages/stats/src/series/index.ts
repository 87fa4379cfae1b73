export * from './band.ts';
export * from './down-sample.ts';
export * from './run-axis.ts';
export * from './series.ts';
export * from './smooth.ts';
