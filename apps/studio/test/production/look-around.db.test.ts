import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisProgram, startTestRedis } from '@embedding-studio/testing';
import { startTestMongo } from '@embedding-studio/testing/mongo';
import { startTestPostgres } from '@embedding-studio/testing/postgres';
import { expect, it } from 'vitest';
import { lookAround } from '../../src/production/look-around.ts';

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
