import type { AppRouter } from '@embedding-studio/api';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import superjson from 'superjson';
import { deadlineLink, fetchBeforeDeadline } from './deadline.ts';
import { retryCalls } from './retry-link.ts';
import { createRetryPolicy, type RetryOptions } from './retry-policy.ts';

export interface StudioClientOptions extends Partial<RetryOptions> {
  /** Base URL of the gateway, e.g. `http://127.0.0.1:8300`. */
  url: string;
  /** An API key with the scopes that the calls need. */
  apiKey: string;
  /** The project that is meant, where a wrong key must not reach another one. Default: the one that the key names. */
  project?: string;
  /** Each call fails after this long, retries and waits included. Default 30 seconds. */
  timeoutMs?: number;
  /** Each try of a call is given up after this long. Default: what is left of `timeoutMs`. */
  attemptTimeoutMs?: number;
}

export type StudioClient = TRPCClient<AppRouter>;

/**
 * Typed client: every procedure of the product with its input and output types. Calls that change nothing when they
 * come twice are tried again after network faults, 429, 502, 503 and 504, with jittered back-off or after `Retry-After`.
 */
export function createStudioClient(options: StudioClientOptions): StudioClient {
  const { url, apiKey, project, timeoutMs = 30_000, attemptTimeoutMs = timeoutMs } = options;
  return createTRPCClient<AppRouter>({
    links: [
      deadlineLink<AppRouter>(timeoutMs),
      retryCalls(createRetryPolicy(options)),
      httpLink({
        url: `${url.replace(/\/$/, '')}/trpc`,
        transformer: superjson,
        methodOverride: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, ...(project !== undefined && { 'x-project': project }) },
        fetch: (target, init) => fetchBeforeDeadline(target, { init, attemptTimeoutMs }),
      }),
    ],
  });
}
