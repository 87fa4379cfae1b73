import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noTelemetry } from '@embedding-studio/contracts';
import { defaultTritonServing, startModelServer } from '@embedding-studio/integrations/model-server';
import { expect, it } from 'vitest';
import { openModelServer, servingOf } from '../src/open-model-server.ts';
import { parseSettings, studioFragment } from '../src/settings.ts';

const plain = {
  ...{ DATABASE_URL: 'postgres://db.example/shop', MONGODB_URL: 'mongodb://db.example', WORK_FOLDER: '/work' },
  ...{ TRITON_URL: 'http://models.example', MODEL_REPOSITORY_FOLDER: '/models', OBJECTS_FOLDER: '/objects' },
};
const serving = (more: Record<string, string> = {}) => servingOf(parseSettings(studioFragment, { ...plain, ...more }));

it('serves by default as the model server client does', () => {
  expect(serving()).toEqual(defaultTritonServing);
});

it('serves as the settings say', () => {
  const given = { TRITON_DEVICE: 'gpu', TRITON_TENSORRT: 'fp16', TRITON_INSTANCES: '2', TRITON_WARM_UP: 'off' };
  expect(serving({ ...given, TRITON_QUEUE_DELAY_MICROSECONDS: '0' })).toMatchObject({
    ...{ device: 'gpu', tensorRt: 'fp16', instances: 2, isWarmedUp: false, queueDelayMicroseconds: 0 },
  });
});

it('refuses batches that Triton would refuse, and TensorRT without GPUs', () => {
  expect(() => serving({ TRITON_BATCH_ROWS_MAX: '8' })).toThrow(/TRITON_BATCH_ROWS_MAX/);
  expect(() => serving({ TRITON_DEVICE: 'cpu', TRITON_TENSORRT: 'fp16' })).toThrow(/TRITON_TENSORRT/);
});

it('asks over gRPC where its address is given, and over HTTP else', async () => {
  const repositoryFolder = await mkdtemp(join(tmpdir(), 'open-model-server-'));
  const server = await startModelServer({
    ...{ host: '127.0.0.1', port: 0, grpcPort: 0, repositoryFolder, threads: 1, executionProviders: ['cpu'] },
    ...{ batchRowsMax: 8, queueMax: 50, modelsMax: 2, bodyBytesMax: 100_000 },
  });
  const nowhere = 'http://127.0.0.1:9';
  const open = (more: Record<string, string>) =>
    openModelServer(parseSettings(studioFragment, { ...plain, TRITON_URL: nowhere, ...more }), {
      ...{ namePrefix: '', telemetry: noTelemetry },
    });
  const clients = [open({ TRITON_GRPC_URL: server.grpcUrl ?? '' }), open({ TRITON_URL: server.url }), open({})];
  expect(await Promise.all(clients.map((client) => client.isReady()))).toEqual([true, true, false]);
  await Promise.all(clients.map((client) => client.close()));
  await server.close();
  await rm(repositoryFolder, { recursive: true });
});
