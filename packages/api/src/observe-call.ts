import type { ErrorCode } from '@embedding-studio/contracts';
import type { Ctx } from '@embedding-studio/core';

/** A span, a duration and a count by code for one call of a procedure. */
export async function observeCall<T>(
  { deps }: Ctx,
  procedure: string,
  call: () => Promise<{ ended: T; code: 'OK' | ErrorCode }>,
): Promise<T> {
  const { telemetry } = deps;
  const started = performance.now();
  return telemetry.trace({ name: procedure, attributes: { 'rpc.system': 'trpc' } }, async (span) => {
    const { ended, code } = await call();
    const seconds = (performance.now() - started) / 1_000;
    telemetry.observe('embedding_studio_procedure_duration_seconds', { procedure }, seconds);
    telemetry.count('embedding_studio_procedure_calls_total', { procedure, code });
    if (code !== 'OK') span.fail(code);
    return ended;
  });
}
