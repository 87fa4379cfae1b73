import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MongoStores, openMongo } from '@embedding-studio/db/mongo';
import { startDocumentServer } from '@embedding-studio/embedded-mongo';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';

export interface TestMongo {
  url: string;
  /** A fresh name: with a shared MongoDB each caller has its own database. */
  database: string;
  stores: MongoStores;
  /** Another set of stores over the same data, as a second process has it. Closed by `stop`. */
  openAgain(): Promise<MongoStores>;
  stop(): Promise<void>;
}

async function startServer(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const given = process.env.MONGODB_URL;
  if (given !== undefined && given !== '') return { url: given, close: async () => undefined };
  return startDocumentServer({ port: 0, folder: join(folder, 'documents') });
}

/** The embedded document server in this process, or the MongoDB that MONGODB_URL names. */
export async function startTestMongo(options: { now?: () => Date } = {}): Promise<TestMongo> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-test-mongo-'));
  const server = await startServer(folder);
  const database = `test_${randomBytes(8).toString('hex')}`;
  const objects = createFolderObjectStore({ folder: join(folder, 'objects') });
  const opened: MongoStores[] = [];
  const openAgain = async (): Promise<MongoStores> => {
    const stores = await openMongo({ url: server.url, database, objects, now: options.now });
    opened.push(stores);
    return stores;
  };
  return {
    url: server.url,
    database,
    stores: await openAgain(),
    openAgain,
    async stop() {
      await Promise.all(opened.map((stores) => stores.close()));
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
