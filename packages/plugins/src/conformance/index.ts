/**
 * Conformance suites, one per kind: each gives a list of checks whose `run` throws with what it found instead. They are
 * bound to no test runner; with vitest: `test.each(checks)('$name', ({ run }) => run())`.
 */
export { vectorAdjusterChecks } from './adjuster-checks.ts';
export type { ConformanceCheck } from './check.ts';
export { commonChecks } from './common-checks.ts';
export { imageProcessorChecks, splitterChecks, textProcessorChecks } from './content-checks.ts';
export { type LoaderFixture, loaderChecks } from './loader-checks.ts';
export { methodChecks } from './method-checks.ts';
export { type QueryFixture, queryProcessorChecks } from './query-checks.ts';
export { type RankerFixture, rankerChecks } from './ranker-checks.ts';
