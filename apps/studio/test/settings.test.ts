import { expect, it } from 'vitest';
import { parseSettings } from '../src/environment.ts';

function faultsOf(variables: Record<string, string>): string[] {
  try {
    parseSettings(variables);
    return [];
  } catch (error) {
    const lines = error instanceof Error ? error.message.split('\n').slice(1) : [];
    return lines.map((line) => line.trim().split(':')[0] ?? '').sort();
  }
}

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://app:K3o9-fh2LwQzT7@db/studio',
  MONGODB_URL: 'mongodb://app:K3o9-fh2LwQzT7@docs/studio',
  REDIS_URL: 'rediss://:K3o9-fh2LwQzT7@queue/0',
};

it('needs nothing on one machine', () => {
  expect(parseSettings({})).toMatchObject({ NODE_ENV: 'development', START_TIMEOUT_SECONDS: 120, LOG_LEVEL: 'info' });
  expect(parseSettings({}).STUDIO_SOURCES).toEqual(['npm', 'debian', 'pypi', 'hub', 'download', 'go']);
});

it('takes an empty variable for one that is not set', () => {
  expect(parseSettings({ DATABASE_URL: '', LOG_LEVEL: '' }).DATABASE_URL).toBeUndefined();
});

it('narrows the sources to those named, and knows no others', () => {
  expect(parseSettings({ STUDIO_SOURCES: 'debian, npm' }).STUDIO_SOURCES).toEqual(['npm', 'debian']);
  expect(faultsOf({ STUDIO_SOURCES: 'npm,cargo' })).toEqual(['STUDIO_SOURCES']);
});

it('lists every fault at once, also those between variables', () => {
  const faults = faultsOf({
    DATABASE_URL: 'nowhere',
    LOG_LEVEL: 'loud',
    GATEWAY_PORT: '70000',
    TRITON_URL: 'http://triton:8000',
  });
  expect(faults).toEqual(['DATABASE_URL', 'GATEWAY_PORT', 'LOG_LEVEL', 'MODEL_REPOSITORY_FOLDER']);
});

it('takes gRPC beside the address over HTTP only', () => {
  const triton = { TRITON_URL: 'http://triton:8000', MODEL_REPOSITORY_FOLDER: '/models' };
  expect(faultsOf({ ...triton, TRITON_GRPC_URL: 'grpc://triton:8001' })).toEqual([]);
  expect(faultsOf({ TRITON_GRPC_URL: 'grpc://triton:8001' })).toEqual(['TRITON_URL']);
  expect(faultsOf({ ...triton, TRITON_GRPC_URL: 'http://triton:8001' })).toEqual(['TRITON_GRPC_URL']);
});

it('names what S3 still needs when half of it is given', () => {
  expect(faultsOf({ S3_BUCKET: 'objects' })).toEqual(['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']);
  expect(faultsOf({ S3_ENDPOINT: 'http://minio:9000', S3_ACCESS_KEY_ID: 'a' })).toEqual([
    'S3_BUCKET',
    'S3_SECRET_ACCESS_KEY',
  ]);
  const whole = { S3_BUCKET: 'objects', S3_ACCESS_KEY_ID: 'a', S3_SECRET_ACCESS_KEY: 'minioadmin' };
  expect(faultsOf(whole)).toEqual([]);
  expect(faultsOf({ ...production, ...whole })).toEqual(['S3_SECRET_ACCESS_KEY']);
});

it('never repeats a value in a fault: it may hold a password', () => {
  expect(() => parseSettings({ DATABASE_URL: 'mysql://root:hunter2@h/x' })).toThrow(/postgres:/);
  expect(() => parseSettings({ DATABASE_URL: 'mysql://root:hunter2@h/x' })).not.toThrow(/hunter2/);
});

it('accepts production with servers and real secrets', () => {
  expect(faultsOf(production)).toEqual([]);
});

it('refuses production on embedded services', () => {
  expect(faultsOf({ NODE_ENV: 'production' })).toEqual(['DATABASE_URL', 'MONGODB_URL', 'REDIS_URL']);
});

it.each([
  ['no password', 'postgres://app@db/studio'],
  ['a default password', 'postgres://app:postgres@db/studio'],
  ['a short password', 'postgres://app:k3O9-fh@db/studio'],
])('refuses production with %s', (_, url) => {
  expect(faultsOf({ ...production, DATABASE_URL: url })).toEqual(['DATABASE_URL']);
});

it('takes the database as queue in production when that is said', () => {
  const { REDIS_URL: _, ...rest } = production;
  expect(faultsOf({ ...rest, QUEUE_BACKEND: 'postgres' })).toEqual([]);
  expect(faultsOf({ ...production, QUEUE_BACKEND: 'postgres' })).toEqual(['QUEUE_BACKEND']);
});
