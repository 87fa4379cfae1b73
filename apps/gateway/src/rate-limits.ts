import { type RateLimiter, type RateState, StudioError } from '@embedding-studio/contracts';
import type { FastifyReply } from 'fastify';

export interface RateLimits {
  /** One window per key; a key's own limit goes before `keyRequestsPerMinute`. 0: no limit. */
  keys: RateLimiter;
  keyRequestsPerMinute: number;
  /** One window per address for requests without a valid key. 0: no limit. */
  failures: RateLimiter;
  failuresPerMinute: number;
}

/** Counts a request of a key; RATE_LIMITED once it is over its limit. */
export async function countRequest(
  limits: RateLimits,
  request: { keyId: string; requestsPerMinute: number | null; reply: FastifyReply },
): Promise<void> {
  const limit = request.requestsPerMinute ?? limits.keyRequestsPerMinute;
  if (limit === 0) return;
  const state = await limits.keys.count({ key: request.keyId, limit });
  describeRate(request.reply, { policy: 'key', state });
  if (state.isOver) throw rateLimited(state, 'This key has sent more requests than its limit allows');
}

/** Counts a request without a valid key. Valid keys from the same address go on: one bad client locks nobody else out. */
export async function countFailure(limits: RateLimits, request: { ip: string; reply: FastifyReply }): Promise<void> {
  const limit = limits.failuresPerMinute;
  if (limit === 0) return;
  const state = await limits.failures.count({ key: request.ip, limit });
  if (!state.isOver) return;
  describeRate(request.reply, { policy: 'failures', state });
  throw rateLimited(state, 'Too many requests without a valid API key came from this address');
}

/** Header fields of draft-ietf-httpapi-ratelimit-headers; Retry-After once the limit is passed. */
function describeRate(reply: FastifyReply, { policy, state }: { policy: string; state: RateState }): void {
  reply.header('ratelimit-policy', `"${policy}";q=${state.limit};w=${state.windowSeconds}`);
  reply.header('ratelimit', `"${policy}";r=${state.remaining};t=${state.resetSeconds}`);
  if (state.isOver) reply.header('retry-after', String(state.resetSeconds));
}

function rateLimited(state: RateState, why: string): StudioError {
  const detail = `${why}: ${state.limit} in ${state.windowSeconds} seconds. Try again in ${state.resetSeconds} seconds.`;
  return new StudioError('RATE_LIMITED', detail);
}
