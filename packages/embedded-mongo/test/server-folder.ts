import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { onTestFinished } from 'vitest';
import { type DocumentServer, type DocumentServerOptions, startDocumentServer } from '../src/index.ts';

/** A folder that goes away when the test ends. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'document-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A server in this process and a client on it, both closed when the test ends. */
export async function openServer(options: Partial<DocumentServerOptions> & { folder: string }) {
  const server: DocumentServer = await startDocumentServer({ port: 0, ...options });
  const client = await openClient(server.url);
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { server, client, db: client.db('test') };
}

export async function openClient(url: string): Promise<MongoClient> {
  const client = await MongoClient.connect(url, { serverSelectionTimeoutMS: 5_000 });
  onTestFinished(() => client.close());
  return client;
}
