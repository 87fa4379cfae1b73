import type { RateLimiter } from '@embedding-studio/contracts';
import { APIError, createAuthMiddleware } from 'better-auth/api';

const triesPerMinute = 20;
const lengthMax = 320;

/** Tries of a password count by account: the address that a request claims to come from is the client's to choose. */
export function limitTries(limiter: RateLimiter) {
  return createAuthMiddleware(async ({ path, body }) => {
    const email: unknown = path === '/sign-in/email' ? body?.email : undefined;
    if (typeof email !== 'string') return;
    const key = email.trim().toLowerCase().slice(0, lengthMax);
    const { isOver, resetSeconds } = await limiter.count({ key, limit: triesPerMinute });
    if (!isOver) return;
    throw new APIError('TOO_MANY_REQUESTS', {
      code: 'TOO_MANY_TRIES',
      message: `Too many tries for this account. Try again in ${resetSeconds} s.`,
    });
  });
}
