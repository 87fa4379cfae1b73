import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisProgram, startTestRedis } from '@embedding-studio/testing';
import { startTestMongo } from '@embedding-studio/testing/mongo';
import { runAdmin, startTestPostgres } from '@embedding-studio/testing/postgres';
import { startPrivatePostgres } from '@embedding-studio/testing/private-postgres';
import { startStandby } from '@embedding-studio/testing/standby';
import { expect, it } from 'vitest';
import { lookAround } from '../../src/production/look-around.ts';

it('says of each standby whether it is one, how far behind it is, and that a server that takes writes is none', async () => {
  const primary = await startPrivatePostgres();
  const [standby, stranger] = await Promise.all([startStandby(primary.url), startTestPostgres()]);
  try {
    await standby.catchUp();
    await runAdmin(primary.url, "CREATE ROLE plain LOGIN PASSWORD 'a-long-password'");
    await standby.catchUp();
    const asPlain = standby.url.replace('//studio@', '//plain@');
    const urls = [standby.url, asPlain, primary.url, stranger.url, 'postgres://studio@127.0.0.1:1/shop'];
    const findings = await lookAround({
      DATABASE_URL: primary.url.replace('//studio@', '//plain@'),
      DATABASE_REPLICA_URLS: urls.join(', '),
    });
    const found = findings.filter(({ what }) => /^standby \S+$/.test(what)).map(({ state, found }) => [state, found]);
    expect(found).toEqual([
      ['ok', expect.stringMatching(/^in recovery, \d+ bytes behind$/)],
      ['ok', expect.stringMatching(/^in recovery, \d+ bytes behind$/)],
      ['fail', 'takes writes'],
      ['fail', 'takes writes'],
      ['fail', expect.stringContaining('ECONNREFUSED')],
    ]);
  } finally {
    await Promise.all([standby.stop(), stranger.stop()]);
    await primary.stop();
  }
});

it('asks the servers themselves, and says of each what is wrong for production', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'studio-doctor-'));
  const [postgres, mongo] = await Promise.all([startTestPostgres(), startTestMongo()]);
  const redis = findRedisProgram() === null ? null : await startTestRedis();
  try {
    const findings = await lookAround({
      NODE_ENV: 'production',
      DATABASE_URL: postgres.url,
      MONGODB_URL: mongo.url,
      ...(redis === null ? {} : { REDIS_URL: redis.url }),
      TRITON_URL: 'http://127.0.0.1:9',
      MODEL_REPOSITORY_FOLDER: folder,
      OBJECTS_FOLDER: folder,
      WORK_FOLDER: folder,
    });
    const stateOf = (what: string) => findings.find((finding) => finding.what === what)?.state;
    expect(stateOf('PostgreSQL')).toBe('ok');
    expect(stateOf('pgvector')).toBe('ok');
    expect(stateOf('MongoDB, access')).toBe('fail');
    expect(stateOf('model server')).toBe('fail');
    expect(stateOf('objects')).toBe('ok');
    expect(stateOf('SECRETS_KEY')).toBe('fail');
    expect(stateOf('clock, PostgreSQL')).toBe('ok');
    if (redis === null) return;
    expect(stateOf('Redis, append-only file')).toBe('fail');
    expect(stateOf('clock, Redis')).toBe('ok');
  } finally {
    await Promise.all([postgres.stop(), mongo.stop(), redis?.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
});
