import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  openProjects,
  type Projects,
  parseSettings,
  type StudioSettings,
  studioFragment,
} from '@embedding-studio/composition';
import type { WorkerRole } from '@embedding-studio/contracts';
import type { Ctx } from '@embedding-studio/core';
import { createPool } from '@embedding-studio/db/postgres';
import { startModelServer } from '@embedding-studio/integrations/model-server';
import { type RecordedLine, recordLog, startTestRedis } from '@embedding-studio/testing';
import { startTestMongo } from '@embedding-studio/testing/mongo';
import { startTestPostgres } from '@embedding-studio/testing/postgres';
import { startWorkers, type Workers } from '../../workers/src/start-workers.ts';
import { createGateway } from '../src/server.ts';
import { writeTinyEncoder } from './tiny-encoder.ts';

/** The first has the names of an installation without projects. */
export const films = 'films';
export const books = 'e-books';

export interface ProjectWorld {
  url: string;
  settings: StudioSettings;
  projects: Projects;
  log: RecordedLine[];
  /** As a job of the system, in that project. */
  ctxOf(slug: string): Ctx;
  /** As the workers app does, for one of the projects. */
  startWorkersOf(slug: string, roles: readonly WorkerRole[]): Promise<Workers>;
  /** Folder of one small encoder, the same for all. */
  encoderFolder: string;
  modelRepository: string;
  stop(): Promise<void>;
}

/** Two projects over one Postgres, one document server, one model server and one queue, behind one gateway. */
export async function startProjectWorld({ queue }: { queue: 'postgres' | 'redis' }): Promise<ProjectWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-test-projects-'));
  const modelRepository = join(folder, 'models');
  const [postgres, mongo] = await Promise.all([startTestPostgres({ poolMax: 2 }), startTestMongo()]);
  const redis = queue === 'redis' ? await startTestRedis() : null;
  const models = await startModelServer({
    ...{ host: '127.0.0.1', port: 0, repositoryFolder: modelRepository, threads: 1, executionProviders: ['cpu'] },
    ...{ batchRowsMax: 16, queueMax: 1_000, modelsMax: 4, bodyBytesMax: 8_000_000 },
  });
  const { log, lines } = recordLog();
  const settings = parseSettings(studioFragment, {
    ...{ PROJECTS: `${films},${books}`, DATABASE_URL: postgres.url, DATABASE_POOL_MAX: '3' },
    ...{ MONGODB_URL: mongo.url, MONGODB_DATABASE: mongo.database, REDIS_URL: redis?.url },
    ...{ TRITON_URL: models.url, MODEL_REPOSITORY_FOLDER: modelRepository },
    ...{ OBJECTS_FOLDER: join(folder, 'objects'), WORK_FOLDER: join(folder, 'work'), SOURCE_FOLDERS: folder },
  });
  const projects = await openProjects({ settings, log });
  const limits = {
    ...{ keys: projects.first.openRateLimiter('keys'), keyRequestsPerMinute: 100_000 },
    ...{ failures: projects.first.openRateLimiter('failures'), failuresPerMinute: 0 },
  };
  const gateway = createGateway({
    projects: new Map([...projects.studios].map(([slug, { deps }]) => [slug, deps])),
    ...{ limits, bodyBytesMax: 200_000, jsonDepthMax: 32, requestTimeoutMs: 30_000, version: '0.0.0' },
    ...{ trustedProxies: [], corsOrigins: [] },
  });
  const url = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const running: Workers[] = [];
  return {
    ...{ url, settings, projects, log: lines, modelRepository },
    encoderFolder: await writeTinyEncoder(join(folder, 'encoder'), 5),
    ctxOf: (slug) => ({
      ...{ actor: { kind: 'system', job: 'test' }, requestId: `of-${slug}` },
      deps: projects.getStudio(slug).deps,
    }),
    async startWorkersOf(slug, roles) {
      const { deps, queueConnection: connection } = projects.getStudio(slug);
      const workers = await startWorkers({ deps, connection, roles, sweepIntervalMs: 100 });
      running.push(workers);
      return workers;
    },
    async stop() {
      await gateway.close();
      await Promise.all([limits.keys.close(), limits.failures.close()]);
      await Promise.all(running.map((workers) => workers.close(2_000)));
      await projects.close();
      await models.close();
      await dropBeside(postgres.url);
      await Promise.all([mongo.stop(), postgres.stop(), redis?.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The database of the second project, which nobody but the product has made. */
async function dropBeside(url: string): Promise<void> {
  const pool = createPool({ url, poolMax: 1, statementTimeoutMs: 30_000 });
  try {
    await pool.query(`DROP DATABASE IF EXISTS "${new URL(url).pathname.slice(1)}_e_books" WITH (FORCE)`);
  } finally {
    await pool.end();
  }
}

export async function waitForTask(ctx: Ctx, taskId: string): Promise<void> {
  for (;;) {
    const { status, error } = await ctx.deps.tasks.getTask(taskId);
    if (status === 'done') return;
    if (status !== 'pending' && status !== 'processing')
      throw new TypeError(`task ${taskId} ${status}: ${error?.message}`);
    await sleep(20);
  }
}
