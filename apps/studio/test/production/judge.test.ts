import { describe, expect, it } from 'vitest';
import { judgeSettings } from '../../src/production/judge-settings.ts';
import { judgeClock, judgeMongo, judgePostgres, judgeRedis } from '../../src/production/judge-stores.ts';

const good = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://studio:f3a9c1d27b6e4a58@db.example.org/studio',
  MONGODB_URL: 'mongodb://studio:f3a9c1d27b6e4a58@mongo.example.org/?replicaSet=studio',
  REDIS_URL: 'rediss://:f3a9c1d27b6e4a58@redis.example.org:6379',
  CONSOLE_URL: 'https://console.example.org',
  CONSOLE_SECRET: 'f3a9c1d27b6e4a58f3a9c1d27b6e4a58',
  SECRETS_KEY: '0b1c2d3e4f5a69788796a5b4c3d2e1f0',
  METRICS_TOKEN: 'f3a9c1d27b6e4a58',
};
const failed = (findings: { state: string; what: string }[]) =>
  findings.filter(({ state }) => state === 'fail').map(({ what }) => what);

describe('settings', () => {
  it('has nothing to say against real secrets and addresses with TLS', () => {
    expect(judgeSettings(good).filter(({ state }) => state !== 'ok')).toEqual([]);
  });

  it.each([
    ['a secret that is missing', { SECRETS_KEY: '' }, 'SECRETS_KEY'],
    ['one that is short', { CONSOLE_SECRET: 'short' }, 'CONSOLE_SECRET'],
    ['one that nobody drew', { CONSOLE_SECRET: 'a'.repeat(40) }, 'CONSOLE_SECRET'],
    ['a default password', { DATABASE_URL: 'postgres://studio:postgres@db/studio' }, 'DATABASE_URL'],
    ['an embedded store', { MONGODB_URL: '' }, 'MONGODB_URL'],
    ['a console without TLS', { CONSOLE_URL: 'http://console.example.org' }, 'CONSOLE_URL'],
  ])('fails on %s', (_what, change, name) => {
    expect(failed(judgeSettings({ ...good, ...change }))).toEqual([name]);
  });

  it('never prints a secret', () => {
    const text = JSON.stringify(
      judgeSettings({ ...good, CONSOLE_SECRET: 'abcabcabcabc', REDIS_URL: 'redis://:hunter2hunter2@r.example.org' }),
    );
    expect(text).not.toMatch(/abcabc|hunter2|f3a9c1/);
  });
});

describe('stores', () => {
  const durability = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };
  const postgres = {
    version: '17.4',
    pgvector: '0.8.0',
    maxConnections: 300,
    durability,
    isEncrypted: true,
    aheadMs: 3,
  };
  const mongo = { version: '8.0.4', replicaSet: 'studio', isOpen: false, aheadMs: 2 };
  const redis = { version: '7.4.2', evictionPolicy: 'noeviction', isLogged: true, aheadMs: 0 };

  it('takes servers that are set up for it', () => {
    const all = [...judgePostgres(postgres), ...judgeMongo(mongo), ...judgeRedis(redis)];
    expect(all.filter(({ state }) => state !== 'ok')).toEqual([]);
  });

  it('fails on what loses acknowledged work, and on what is too old or open', () => {
    expect(failed(judgePostgres({ ...postgres, durability: { ...durability, fsync: 'off' } }))).toEqual(['durability']);
    expect(failed(judgePostgres({ ...postgres, version: '14.1', pgvector: null }))).toEqual(['PostgreSQL', 'pgvector']);
    expect(failed(judgeMongo({ ...mongo, replicaSet: null, isOpen: true }))).toEqual([
      'MongoDB, replica set',
      'MongoDB, access',
    ]);
    expect(failed(judgeRedis({ ...redis, evictionPolicy: 'allkeys-lru', isLogged: false }))).toEqual([
      'Redis, eviction',
      'Redis, append-only file',
    ]);
  });

  it('tells a clock that is a little off from one that is wrong', () => {
    expect([100, -5_000, 60_000].map((ms) => judgeClock('clock', ms).state)).toEqual(['ok', 'warn', 'fail']);
  });
});
