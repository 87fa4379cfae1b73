import { httpStatusOf, type LabelsOf, toStudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

type Search = LabelsOf<'embedding_studio_searches_total'>;
type Step = LabelsOf<'embedding_studio_search_step_duration_seconds'>['step'];

/** Counts a search by what it went without, and times those that found an answer. */
export async function observeSearch<T extends { degraded: readonly string[] }>(
  ctx: Ctx,
  legs: Search['legs'],
  answer: () => Promise<T>,
): Promise<T> {
  const { telemetry } = ctx.deps;
  const started = performance.now();
  const count = (outcome: Search['outcome']) => telemetry.count('embedding_studio_searches_total', { legs, outcome });
  try {
    const result = await answer();
    count(outcomeOf(result.degraded));
    telemetry.observe('embedding_studio_search_duration_seconds', { legs }, (performance.now() - started) / 1_000);
    return result;
  } catch (error) {
    count(httpStatusOf[toStudioError(error).code] < 500 ? 'refused' : 'failed');
    throw error;
  }
}

function outcomeOf(degraded: readonly string[]): Search['outcome'] {
  if (degraded.includes('lexical_only')) return 'lexical_only';
  if (degraded.includes('standby_only')) return 'standby_only';
  return degraded.includes('session_not_stored') ? 'session_not_stored' : 'complete';
}

/** Times one part of a search, whether it succeeds or not. */
export async function observeStep<T>(ctx: Ctx, step: Step, run: () => Promise<T>): Promise<T> {
  const { telemetry } = ctx.deps;
  const started = performance.now();
  try {
    return await telemetry.trace({ name: `search ${step}` }, run);
  } finally {
    const seconds = (performance.now() - started) / 1_000;
    telemetry.observe('embedding_studio_search_step_duration_seconds', { step }, seconds);
  }
}
