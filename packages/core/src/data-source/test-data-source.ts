import type { LoaderStep } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { callLoader, openTarget, SourceTarget } from './source-target.ts';

const seconds = 30;

export const TestDataSourceInput = SourceTarget;
export type TestDataSourceInput = SourceTarget;

/** Tries every step from the name of the host to a readable record; the first that fails is the last and says why. */
export async function testDataSource({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: TestDataSourceInput;
}): Promise<{ ok: boolean; steps: LoaderStep[] }> {
  authorise(ctx, 'source.write');
  const { loader, config } = await openTarget(ctx, parseInput(TestDataSourceInput, input));
  const act = (signal: AbortSignal) => loader.testConnection(config, signal);
  const steps = await callLoader(ctx, { loader, seconds, act });
  return { ok: steps.every((step) => step.ok), steps };
}
