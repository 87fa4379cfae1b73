import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startDocumentServer } from '../src/index.ts';
import { describeDocumentStore } from './contract.ts';

describeDocumentStore('the embedded document server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'document-server-'));
  const server = await startDocumentServer({ port: 0, folder });
  const client = await MongoClient.connect(server.url);
  const close = async () => {
    await client.close();
    await server.close();
    rmSync(folder, { recursive: true });
  };
  return { db: client.db('contract'), close };
});

const url = process.env.MONGODB_URL;
if (url) {
  describeDocumentStore('MongoDB at MONGODB_URL', async () => {
    const client = await MongoClient.connect(url);
    return { db: client.db(`contract-${process.pid}`), close: () => client.close() };
  });
}
