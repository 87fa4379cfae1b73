import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type RunningModelServer, startModelServer } from '../../src/model-server/index.ts';
import { testModelServerPort } from './test-model-server-port.ts';

let repositoryFolder: string;
let server: RunningModelServer;

beforeAll(async () => {
  repositoryFolder = await mkdtemp(join(tmpdir(), 'kserve-contract-'));
  const limits = { batchRowsMax: 8, queueMax: 50, modelsMax: 8, bodyBytesMax: 100_000 };
  server = await startModelServer({
    ...{ host: '127.0.0.1', port: 0, grpcPort: 0, repositoryFolder, threads: 1, executionProviders: ['cpu'] },
    ...limits,
  });
});
afterAll(async () => {
  await server.close();
  await rm(repositoryFolder, { recursive: true, force: true });
});

testModelServerPort('embedded, HTTP', () => ({
  ...{ url: server.url, repositoryFolder, metricsUrl: `${server.url}/metrics` },
}));
testModelServerPort('embedded, gRPC', () => ({
  ...{ url: server.grpcUrl ?? '', repositoryFolder, metricsUrl: `${server.url}/metrics` },
}));
