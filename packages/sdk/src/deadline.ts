import type { TRPCLink } from '@trpc/client';
import type { AnyRouter } from '@trpc/server';

/** When each call has to be over, by the context object that all its tries share. */
const deadlines = new WeakMap<object, number>();

export function deadlineOf(context: object): number {
  return deadlines.get(context) ?? Number.POSITIVE_INFINITY;
}

/** Starts the clock of a call, and ends the call with its clock. */
export function deadlineLink<R extends AnyRouter>(timeoutMs: number): TRPCLink<R> {
  return () =>
    ({ op, next }) => {
      const context = { ...op.context };
      deadlines.set(context, Date.now() + timeoutMs);
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = op.signal ? AbortSignal.any([op.signal, timeout]) : timeout;
      return next({ ...op, context, signal });
    };
}

/** One try: ends with the call's own signal or after its share of the time. */
export function fetchBeforeDeadline(
  target: Parameters<typeof fetch>[0] | URL | string,
  options: { init: { signal?: AbortSignal | null } | undefined; attemptTimeoutMs: number },
): Promise<Response> {
  const timeout = AbortSignal.timeout(options.attemptTimeoutMs);
  const given = options.init?.signal;
  return fetch(target, { ...options.init, signal: given ? AbortSignal.any([given, timeout]) : timeout });
}
