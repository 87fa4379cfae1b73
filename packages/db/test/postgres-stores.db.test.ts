import { createPool } from '@embedding-studio/db/postgres';
import { startTestPostgres, type TestPostgres } from '@embedding-studio/testing/postgres';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { testApiKeyStore, testAuditLog, testModelStore } from './access-suites.ts';
import { testCollectionStore } from './collection-store-suite.ts';
import { testItemStore } from './item-store-suite.ts';

let server: TestPostgres;
let pool: ReturnType<typeof createPool>;

beforeAll(async () => {
  server = await startTestPostgres();
  pool = createPool({ url: server.url, poolMax: 1, statementTimeoutMs: 30_000 });
});

afterEach(async () => {
  const tables = await pool.query(`SELECT tablename FROM pg_tables WHERE tablename LIKE 'vectors\\_%'`);
  for (const { tablename } of tables.rows) await pool.query(`DROP TABLE "${tablename}"`);
  await pool.query('TRUNCATE items, postings, lexemes, collections, live_pointer, models, api_keys CASCADE');
  await pool.query('UPDATE lexical_statistics SET items = 0, title_words = 0, body_words = 0');
});

afterAll(async () => {
  await pool.end();
  await server.stop();
});

testItemStore(async () => server.stores.items);
testCollectionStore(async () => server.stores);
testModelStore(async () => server.stores.models);
testApiKeyStore(async () => server.stores.apiKeys);
testAuditLog(async () => server.stores.audit);
