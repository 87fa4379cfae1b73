import type { Log, RateLimiter, RateState } from '@embedding-studio/contracts';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { type QueueConnection, redisTarget, retryDelayMs } from './connection.ts';
import { logOnce } from './log-once.ts';

/** The limits differ by caller: the library only counts, and the verdict is ours. */
const uncapped = Number.MAX_SAFE_INTEGER;
const answerMs = 250;

export interface RateLimiterOptions {
  windowSeconds: number;
  /** Separates limiters that share a store. */
  name: string;
  log: Log;
}

/** Counts in Redis, so that all gateways share one window; in this process where the queue has no Redis or it is away. */
export function createRateLimiter(connection: QueueConnection, options: RateLimiterOptions): RateLimiter {
  const shape = { points: uncapped, duration: options.windowSeconds, keyPrefix: `studio:rate:${options.name}` };
  const local = new RateLimiterMemory(shape);
  if (connection.redisUrl === undefined) return limiterOf(local, options, async () => undefined);
  const trouble = logOnce(options.log, 'rate limits');
  const redis = new Redis({
    ...redisTarget(connection.redisUrl),
    ...{ enableOfflineQueue: false, maxRetriesPerRequest: 1, connectTimeout: 2_000, commandTimeout: answerMs },
    retryStrategy: retryDelayMs,
  });
  redis.on('error', (error) => trouble.failed(error));
  redis.on('ready', () => trouble.worked());
  const shared = new RateLimiterRedis({ ...shape, storeClient: redis, insuranceLimiter: local });
  return limiterOf(shared, options, async () => redis.disconnect());
}

function limiterOf(
  counter: RateLimiterMemory | RateLimiterRedis,
  { windowSeconds }: RateLimiterOptions,
  close: () => Promise<void>,
): RateLimiter {
  return {
    close,
    async count({ key, limit }) {
      return stateOf(await consume(counter, key), { limit, windowSeconds });
    },
  };
}

async function consume(counter: RateLimiterMemory | RateLimiterRedis, key: string): Promise<RateLimiterRes> {
  try {
    return await counter.consume(key);
  } catch (thrown) {
    // The library throws its own result for a refusal, which an uncapped counter never makes.
    if (thrown instanceof RateLimiterRes) return thrown;
    throw thrown;
  }
}

function stateOf(counted: RateLimiterRes, window: { limit: number; windowSeconds: number }): RateState {
  const { limit, windowSeconds } = window;
  return {
    ...{ limit, windowSeconds },
    remaining: Math.max(0, limit - counted.consumedPoints),
    resetSeconds: Math.max(1, Math.ceil(counted.msBeforeNext / 1_000)),
    isOver: counted.consumedPoints > limit,
  };
}
