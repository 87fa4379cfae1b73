import { workerRoles } from '@embedding-studio/contracts';
import { openMongo } from '@embedding-studio/db/mongo';
import { openPostgres } from '@embedding-studio/db/postgres';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { createQueue } from '@embedding-studio/queue';
import { recordLog } from '@embedding-studio/testing';
import { assembleDeps, withCrashPoints } from '@embedding-studio/testing/studio';
import { startWorkers } from '../src/start-workers.ts';

/** A worker process of a test: it kills (or stops) itself right after the effect that STUDIO_TEST_CRASH_AT names. */
const { POSTGRES_URL = '', MONGO_URL = '', MONGO_DATABASE = '', REDIS_URL = '', FOLDER = '' } = process.env;
const deadly = process.env.STUDIO_TEST_CRASH_AT;
const { log } = recordLog();
const connection = REDIS_URL === '' ? { postgresUrl: POSTGRES_URL } : { redisUrl: REDIS_URL };
const objects = createFolderObjectStore({ folder: `${FOLDER}/objects` });
const deps = assembleDeps({
  postgres: await openPostgres({ url: POSTGRES_URL, poolMax: 5, statementTimeoutMs: 30_000 }),
  mongo: await openMongo({ url: MONGO_URL, database: MONGO_DATABASE, objects }),
  folder: FOLDER,
  queue: createQueue(connection, { log }),
  log,
  now: () => new Date(),
});
const mortal = withCrashPoints(deps, {
  shouldDie: (point) => {
    if (point === deadly)
      process.kill(process.pid, process.env.STUDIO_TEST_STANDS_STILL === '1' ? 'SIGSTOP' : 'SIGKILL');
    return false;
  },
});
const options = { connection, roles: workerRoles, sweepIntervalMs: 200, leaseSeconds: 2, redeliverAfterMs: 1_000 };
const workers = await startWorkers({ deps: mortal.deps, ...options });
process.stdout.write('ready\n');
process.once('SIGTERM', () => void workers.close().then(() => process.exit(0)));
