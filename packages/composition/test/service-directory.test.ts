import { createServer, type Server } from 'node:net';
import type { ModelServer } from '@embedding-studio/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { createServiceDirectory } from '../src/service-directory.ts';
import { parseSettings, studioFragment } from '../src/settings.ts';

let server: Server | undefined;
afterEach(() => server?.close());

function listen(): Promise<number> {
  return new Promise((resolve) => {
    server = createServer().listen(0, '127.0.0.1', () => {
      const at = server?.address();
      resolve(typeof at === 'object' && at !== null ? at.port : 0);
    });
  });
}

function settingsWith(redisPort: number) {
  return parseSettings(studioFragment, {
    DATABASE_URL: 'postgres://studio:s3cret@db.example:5432/studio?sslmode=require',
    MONGODB_URL: 'mongodb://me:p@ss@one:27017,two:27017/?replicaSet=r',
    REDIS_URL: `redis://:hidden@127.0.0.1:${redisPort}/0`,
    TRITON_URL: 'http://127.0.0.1:8000',
    ...{ MODEL_REPOSITORY_FOLDER: '/m', OBJECTS_FOLDER: '/o', WORK_FOLDER: '/w' },
  });
}

const away = { describe: () => Promise.reject(new TypeError('away')) };

describe('the service directory', () => {
  it('says of each service whether it answers, and shows no password', async () => {
    const redisPort = await listen();
    const directory = createServiceDirectory({
      settings: settingsWith(redisPort),
      postgres: { describe: async () => '17.2' },
      mongo: away,
      objects: { listObjects: async () => [] },
      modelServer: { isReady: async () => false } as ModelServer,
    });
    const facts = await directory.describeServices();
    expect(facts.map(({ where, version }) => ({ where, version }))).toEqual([
      { where: 'db.example:5432/studio', version: '17.2' },
      { where: 'one:27017,two:27017/', version: null },
      { where: `127.0.0.1:${redisPort}/0`, version: null },
      { where: '/o', version: null },
      { where: '127.0.0.1:8000', version: null },
    ]);
    expect(facts.map(({ answerMs }) => answerMs !== null)).toEqual([true, false, true, true, false]);
    expect(JSON.stringify(facts)).not.toMatch(/s3cret|p@ss|hidden/);
  });
});
