import { describe, expect, it } from 'vitest';
import { PrimaryLog } from '../../src/postgres/replicas/primary-log.ts';
import { shareRead } from '../../src/postgres/replicas/share-read.ts';

describe('the lag of a standby', () => {
  it('is the time since the primary was first seen past what the standby has replayed', () => {
    const log = new PrimaryLog();
    log.note(100, 1_000);
    log.note(100, 2_000);
    log.note(250, 3_000);
    log.note(400, 4_000);
    expect(log.lagOf(400, 9_000)).toEqual({ ms: 0, bytes: 0 });
    expect(log.lagOf(250, 4_500)).toEqual({ ms: 500, bytes: 150 });
    expect(log.lagOf(99, 9_000)).toEqual({ ms: 8_000, bytes: 301 });
  });

  it('does not grow while nobody writes, and is none before anything was seen', () => {
    const log = new PrimaryLog();
    expect(log.lagOf(0, 5_000)).toEqual({ ms: 0, bytes: 0 });
    log.note(100, 1_000);
    for (let at = 2_000; at < 900_000; at += 1_000) log.note(100, at);
    expect(log.lagOf(100, 900_000)).toEqual({ ms: 0, bytes: 0 });
  });

  it('is remembered for ten minutes of looks and no more', () => {
    const log = new PrimaryLog();
    for (let look = 0; look < 5_000; look++) log.note(look, look * 1_000);
    expect(log.lagOf(0, 5_000_000).ms).toBe(600_000);
  });
});

describe('a shared read', () => {
  it('gives nobody what was read before they asked, and runs once at a time', async () => {
    let running = 0;
    let value = 0;
    const read = shareRead(async () => {
      running += 1;
      expect(running).toBe(1);
      const seen = value;
      await Promise.resolve();
      running -= 1;
      return seen;
    });
    const first = read();
    value = 1;
    const others = [read(), read(), read()];
    expect(await first).toBe(0);
    expect(await Promise.all(others)).toEqual([1, 1, 1]);
    value = 2;
    expect(await read()).toBe(2);
  });

  it('fails for those who wait for the failing one alone', async () => {
    let reads = 0;
    const read = shareRead(async () => {
      reads += 1;
      if (reads === 1) throw new TypeError('broken');
      return 'read';
    });
    const first = read();
    const second = read();
    await expect(first).rejects.toThrow('broken');
    expect(await second).toBe('read');
  });
});
