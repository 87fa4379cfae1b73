import type { AppRouter } from '@embedding-studio/api';
import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import type { RetryPolicy } from './retry-policy.ts';

/** Sends a call again as the policy says. A call whose signal ends while it waits ends at once. */
export function retryCalls(policy: RetryPolicy): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let sent: Unsubscribable | undefined;
        let timer: ReturnType<typeof setTimeout> | undefined;
        const stop = () => {
          if (timer === undefined) return;
          clearTimeout(timer);
          observer.error(TRPCClientError.from(op.signal?.reason));
        };
        const attempt = (attempts: number): void => {
          timer = undefined;
          sent = next(op).subscribe({
            next: (value) => observer.next(value),
            complete: () => observer.complete(),
            error: (error) => {
              const waitMs = policy({ op, attempts, error });
              if (waitMs === null) observer.error(error);
              else timer = setTimeout(() => attempt(attempts + 1), waitMs);
            },
          });
        };
        op.signal?.addEventListener('abort', stop, { once: true });
        attempt(1);
        return () => {
          clearTimeout(timer);
          op.signal?.removeEventListener('abort', stop);
          sent?.unsubscribe();
        };
      });
}
