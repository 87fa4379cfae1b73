import type { Result } from '../../src/index.ts';

/** The estimate; a test that gets none fails with the reason. */
export function estimated<T>(result: Result<T>): T {
  if (result.kind !== 'estimated') throw new Error(`${result.kind}: ${result.reason}`);
  return result;
}
