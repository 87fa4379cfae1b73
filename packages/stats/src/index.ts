export * from './distinct-sketch.ts';
export * from './holm.ts';
export * from './paired-bootstrap.ts';
export * from './randomisation-test.ts';
export * from './result.ts';
export * from './search/index.ts';
export * from './seeded-random.ts';
export * from './series/index.ts';
