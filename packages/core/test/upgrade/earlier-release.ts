import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { createPool } from '@embedding-studio/db/postgres';
import { databaseUrl, runAdmin } from '@embedding-studio/testing/postgres';
import { BSON, MongoClient } from 'mongodb';

/** What an earlier release left: made by `keep-release.ts`. */
export interface EarlierRelease {
  /** When it was left. */
  at: string;
  sql: string;
  documents: Record<string, Record<string, unknown>[]>;
  /** Base64 by path below the folder of the stores. */
  files: Record<string, string>;
}

/** Of commit 7070535: the schema was at migration 12, with neither users, projects, experiments nor pictures. */
export function readEarlierRelease(): EarlierRelease {
  const path = fileURLToPath(new URL('./release-0012.json.gz', import.meta.url));
  return JSON.parse(gunzipSync(readFileSync(path)).toString());
}

/** Statements of the dump; commands to psql are none. */
export function statementsOf({ sql }: EarlierRelease): string {
  return sql
    .split('\n')
    .filter((line) => !line.startsWith('\\'))
    .join('\n');
}

/** An empty database in the cluster of that address. */
export async function createEmptyDatabase(clusterUrl: string): Promise<string> {
  const name = `upgrade_${randomBytes(6).toString('hex')}`;
  await runAdmin(clusterUrl, `CREATE DATABASE "${name}"`);
  return databaseUrl(clusterUrl, name);
}

export async function runStatements(url: string, statements: string): Promise<void> {
  const pool = createPool({ url, poolMax: 1, statementTimeoutMs: 60_000 });
  try {
    await pool.query(statements);
  } finally {
    await pool.end();
  }
}

export async function putDocuments(
  server: { url: string; database: string },
  { documents }: EarlierRelease,
): Promise<void> {
  const client = await new MongoClient(server.url).connect();
  try {
    for (const [name, found] of Object.entries(documents))
      await client
        .db(server.database)
        .collection(name)
        .insertMany(found.map((document) => BSON.EJSON.deserialize(document)));
  } finally {
    await client.close();
  }
}

export async function putFiles(folder: string, { files }: EarlierRelease): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), Buffer.from(content, 'base64'));
  }
}
