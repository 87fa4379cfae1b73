import { setTimeout as sleep } from 'node:timers/promises';
import { createRateLimiter } from '@embedding-studio/queue';
import { findRedisProgram, recordLog, startTestRedis } from '@embedding-studio/testing';
import { afterEach, describe, expect, test } from 'vitest';

const { log } = recordLog();
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(redisUrl: string | undefined, name = 'test', windowSeconds = 60) {
  const connection = redisUrl === undefined ? { postgresUrl: 'postgres://nowhere' } : { redisUrl };
  const limiter = createRateLimiter(connection, { name, windowSeconds, log });
  closers.push(() => limiter.close());
  return limiter;
}

describe('a limiter of one process', () => {
  test('counts by key and says what is left and for how long', async () => {
    const limiter = open(undefined);
    const ask = (key: string) => limiter.count({ key, limit: 2 });
    expect(await ask('a')).toMatchObject({ limit: 2, remaining: 1, isOver: false, windowSeconds: 60 });
    expect(await ask('a')).toMatchObject({ remaining: 0, isOver: false });
    const over = await ask('a');
    expect(over).toMatchObject({ remaining: 0, isOver: true });
    expect(over.resetSeconds).toBeGreaterThan(0);
    expect(over.resetSeconds).toBeLessThanOrEqual(60);
    expect(await ask('b')).toMatchObject({ remaining: 1, isOver: false });
  });

  test('begins again when the window has ended', async () => {
    const limiter = open(undefined, 'short', 1);
    const ask = () => limiter.count({ key: 'a', limit: 1 });
    await ask();
    expect((await ask()).isOver).toBe(true);
    while ((await ask()).isOver) await sleep(50);
    expect((await ask()).isOver).toBe(true);
  });
});

describe.runIf(findRedisProgram() !== null)('limiters of two processes with one Redis', () => {
  test('share the count, and go on alone when Redis is away', async () => {
    const redis = await startTestRedis();
    closers.push(() => redis.stop());
    const [one, two] = [open(redis.url), open(redis.url)];
    const ask = (limiter: typeof one, key: string) => limiter.count({ key, limit: 3 });
    // Calls before the connections stand are counted by the process alone.
    for (let turn = 0; (await ask(one, `${turn}`)).remaining + (await ask(two, `${turn}`)).remaining > 3; turn++)
      await sleep(20);
    expect(await ask(one, 'shared')).toMatchObject({ remaining: 2, isOver: false });
    expect(await ask(two, 'shared')).toMatchObject({ remaining: 1 });
    expect(await ask(one, 'shared')).toMatchObject({ remaining: 0 });
    expect(await ask(two, 'shared')).toMatchObject({ isOver: true });
    await redis.kill();
    expect(await ask(one, 'alone')).toMatchObject({ remaining: 2, isOver: false });
    expect(await ask(one, 'alone')).toMatchObject({ remaining: 1 });
  });
});
