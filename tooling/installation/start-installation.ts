import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStudio, parseSettings, type Studio, studioFragment } from '@embedding-studio/composition';
import {
  type Ctx,
  createApiKey,
  registerBaseModel,
  requestInitialIndex,
  requestUpsertion,
} from '@embedding-studio/core';
import { findFreePort, findRedisProgram, recordLog, startTestRedis } from '@embedding-studio/testing';
import { startPrivatePostgres } from '@embedding-studio/testing/private-postgres';
import { startStandby } from '@embedding-studio/testing/standby';
import { writeTinyEncoder } from '../../apps/gateway/test/tiny-encoder.ts';
import { nodePart, type Part } from './node-part.ts';

export interface Installation {
  /** Addresses of the gateways. */
  gateways: string[];
  /** In the order in which they were started. */
  parts: Part[];
  /** Another set of stores beside those of the processes, for whoever looks. */
  studio: Studio;
  ctx: Ctx;
  /** May search, send clicks and write items. */
  key: string;
  /** Where each gateway keeps its spool. */
  spoolFolders: string[];
  folder: string;
  databaseUrl: string;
  close(): Promise<void>;
}

export interface InstallationOptions {
  gateways: number;
  /** Roles of each process of workers. */
  workers: readonly (readonly string[])[];
  withStandby: boolean;
  /** Settings of every process beside those that say where the servers are. */
  env?: Record<string, string>;
  tell: (line: string) => void;
}

const model = 'tiny';
const startingItems = Array.from({ length: 40 }, (_, n) => ({
  id: `start-${n}`,
  title: `thing number ${n}`,
  text: `kept in drawer ${n % 7}`,
}));

/** The whole product on this machine, every process and server of its own, with items and a model that is live. */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-installation-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const step of undo.reverse()) await step().catch(() => undefined);
  };
  try {
    return { ...(await start(options, { folder, undo })), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Building {
  folder: string;
  undo: (() => Promise<unknown>)[];
}

async function start(options: InstallationOptions, { folder, undo }: Building): Promise<Omit<Installation, 'close'>> {
  const { tell } = options;
  const logFolder = join(folder, 'logs');
  for (const name of ['logs', 'models', 'documents', 'work', 'artefact']) await mkdir(join(folder, name));
  const keep = (part: Part): Part => {
    undo.push(() => part.stop());
    return part;
  };
  tell('starts PostgreSQL, Redis, the document server and the model server');
  const servers = await startServers(options, keep);
  const ports = { documents: await findFreePort(), models: await findFreePort() };
  const documents = keep(
    nodePart({
      name: 'documents',
      entry: 'packages/embedded-mongo/src/main.ts',
      args: ['--port', String(ports.documents), '--folder', join(folder, 'documents')],
      logFolder,
    }),
  );
  const models = keep(
    nodePart({
      name: 'model server',
      entry: 'apps/model-server/src/main.ts',
      args: ['--port', String(ports.models), '--repository', join(folder, 'models'), '--threads', '1'],
      logFolder,
    }),
  );
  await Promise.all([documents.start(), models.start()]);
  const env = {
    ...servers.env,
    DATABASE_POOL_MAX: '5',
    MONGODB_URL: `mongodb://127.0.0.1:${ports.documents}/?directConnection=true`,
    TRITON_URL: `http://127.0.0.1:${ports.models}`,
    MODEL_REPOSITORY_FOLDER: join(folder, 'models'),
    OBJECTS_FOLDER: join(folder, 'objects'),
    WORK_FOLDER: join(folder, 'work'),
    TRAINING_THREADS: '1',
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  const studio = await openStudio({ settings: parseSettings(studioFragment, env), log: recordLog().log });
  undo.push(() => studio.close());
  const ctx: Ctx = { actor: { kind: 'system', job: 'drill' }, requestId: 'drill', deps: studio.deps };
  const { secret } = await createApiKey({
    ctx,
    input: { name: 'visitors', scopes: ['search', 'clickstream', 'ingest'] },
  });
  tell(`starts ${options.gateways} gateways and ${options.workers.length} processes of workers`);
  const gatewayPorts = await Promise.all(Array.from({ length: options.gateways }, () => findFreePort()));
  const spoolFolders = gatewayPorts.map((_, n) => join(folder, `spool-${n + 1}`));
  const gateways = gatewayPorts.map((port, n) =>
    keep(
      nodePart({
        name: `gateway ${n + 1}`,
        entry: 'apps/gateway/src/main.ts',
        env: { ...env, GATEWAY_PORT: String(port), SPOOL_FOLDER: spoolFolders[n] ?? '' },
        logFolder,
      }),
    ),
  );
  const workers = options.workers.map((roles, n) =>
    keep(
      nodePart({
        name: `workers ${n + 1}`,
        entry: 'apps/workers/src/main.ts',
        args: ['--roles', roles.join(',')],
        env,
        logFolder,
      }),
    ),
  );
  await Promise.all([...gateways, ...workers].map((part) => part.start()));
  tell('makes a model live');
  const base = await registerBaseModel({
    ctx,
    input: { folder: await writeTinyEncoder(join(folder, 'artefact', model)) },
  });
  await requestUpsertion({ ctx, input: { id: 'start', items: startingItems } });
  await requestInitialIndex({ ctx, input: { modelId: base.id } });
  await untilLive(studio);
  return {
    gateways: gatewayPorts.map((port) => `http://127.0.0.1:${port}`),
    parts: [...gateways, ...workers, ...servers.parts, documents, models],
    ...{ studio, ctx, key: secret, spoolFolders, folder, databaseUrl: servers.env.DATABASE_URL },
  };
}

async function startServers({ withStandby }: InstallationOptions, keep: (part: Part) => Part) {
  const postgres = await startPrivatePostgres();
  const primary = keep({
    ...{ name: 'primary', pid: () => null, kill: () => postgres.kill(), start: () => postgres.restart() },
    stop: () => postgres.stop(),
  });
  const parts = [primary];
  const env: { DATABASE_URL: string; DATABASE_REPLICA_URLS?: string; REDIS_URL?: string } = {
    DATABASE_URL: postgres.url,
  };
  if (findRedisProgram() !== null) {
    const redis = await startTestRedis();
    env.REDIS_URL = redis.url;
    parts.unshift(
      keep({
        ...{ name: 'redis', pid: () => null, kill: () => redis.kill(), start: () => redis.restart() },
        stop: () => redis.stop(),
      }),
    );
  }
  if (withStandby) {
    const standby = await startStandby(postgres.url);
    env.DATABASE_REPLICA_URLS = standby.url;
    parts.unshift(
      keep({
        ...{ name: 'standby', pid: () => null, kill: () => standby.kill(), start: () => standby.restart() },
        stop: () => standby.stop(),
      }),
    );
  }
  return { parts, env };
}

async function untilLive({ deps }: Studio): Promise<void> {
  for (;;) {
    const [newest] = await deps.rollouts.listRollouts({ offset: 0, limit: 1 });
    if (newest?.state === 'live') return;
    if (newest?.state === 'failed') throw new Error(`The first index failed: ${newest.transitions.at(-1)?.reason}`);
    await sleep(100);
  }
}
