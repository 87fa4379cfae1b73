import { randomBytes } from 'node:crypto';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureDatabase } from '../src/postgres/ensure-database.ts';
import { createPool } from '../src/postgres/open-pool.ts';

const suffix = randomBytes(4).toString('hex');
const database = `beside "${suffix}"`;
const role = `guest_${suffix}`;
let postgres: TestPostgres;
let pool: pg.Pool;
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = createPool({ url: postgres.url, poolMax: 1, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await pool.query(`DROP DATABASE IF EXISTS "${database.replaceAll('"', '""')}"`);
  await pool.query(`DROP ROLE IF EXISTS ${role}`);
  await pool.end();
  await postgres.stop();
});

const count = async () => (await pool.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])).rowCount;

describe('a database beside another', () => {
  it('is made once by processes that start together, and is left alone afterwards', async () => {
    const ensure = () => ensureDatabase({ url: postgres.url, database });
    await Promise.all([ensure(), ensure(), ensure(), ensure()]);
    expect(await count()).toBe(1);
    await ensure();
  });

  it('that the role may not make is refused with the statement to run, and taken once it is there', async () => {
    await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD '${suffix}'`);
    const url = new URL(postgres.url);
    url.username = role;
    url.password = suffix;
    await expect(ensureDatabase({ url: url.href, database: `missing-${suffix}` })).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: expect.stringContaining(`CREATE DATABASE "missing-${suffix}"`),
    });
    await ensureDatabase({ url: url.href, database });
  });
});
