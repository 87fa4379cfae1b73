import type { AppRouter } from '@embedding-studio/api';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import superjson from 'superjson';

export interface StudioClientOptions {
  /** Base URL of the gateway, e.g. `http://127.0.0.1:8300`. */
  url: string;
  /** An API key with the scopes that the calls need. */
  apiKey: string;
  /** Each call fails after this long. Default 30 seconds. */
  timeoutMs?: number;
}

export type StudioClient = TRPCClient<AppRouter>;

/** Typed client: every procedure of the product with its input and output types. */
export function createStudioClient({ url, apiKey, timeoutMs = 30_000 }: StudioClientOptions): StudioClient {
  return createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${url.replace(/\/$/, '')}/trpc`,
        transformer: superjson,
        methodOverride: 'POST',
        headers: { authorization: `Bearer ${apiKey}` },
        fetch: (target, init) => fetchWithTimeout(target, { init, timeoutMs }),
      }),
    ],
  });
}

async function fetchWithTimeout(
  target: Parameters<typeof fetch>[0] | URL | string,
  options: { init: { signal?: AbortSignal | null } | undefined; timeoutMs: number },
): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const given = options.init?.signal;
  return fetch(target, { ...options.init, signal: given ? AbortSignal.any([given, timeout]) : timeout });
}
