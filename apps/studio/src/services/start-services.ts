import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { workerRoles } from '@embedding-studio/contracts';
import { readSettings, type Settings } from '../environment.ts';
import { createSupervisor, type Supervisor } from '../supervisor/supervisor.ts';
import type { Progress } from '../terminal/progress.ts';
import { buildConsole, consoleSpec } from './console-service.ts';
import { ensurePostgres } from './ensure-postgres.ts';
import { ensureRedis } from './ensure-redis.ts';
import { createMachine, type Machine } from './machine.ts';
import {
  documentsSpec,
  findNodeProgram,
  gatewaySpec,
  modelServerSpec,
  type NodeServiceOptions,
  workersSpec,
} from './node-services.ts';
import { choosePorts } from './port-memory.ts';
import { preparePostgres, readClusterMajor } from './postgres-cluster.ts';
import { prepareRedis } from './redis-instance.ts';
import { readOrMakeSecret } from './secret-file.ts';
import { bucketOf, type ServiceUrls, serviceVariables, storeVariables } from './service-urls.ts';

/** What the loop needs to run. */
export const loopServices = ['postgres', 'queue', 'documents', 'models', 'gateway', 'workers'] as const;
export const serviceNames = [...loopServices, 'console'] as const;
export type ServiceName = (typeof serviceNames)[number];
/** Pools of gateway, workers and console, and some to spare. */
const connectionsPerProject = 250;
const modelsPerProject = 8;
const usualGatewayPort = 8300;
const usualConsolePort = 8301;

export interface StartOptions {
  /** Folder of all state: data, logs, secrets. One process at a time. */
  folder: string;
  which: readonly ServiceName[];
  log: Progress;
  /** Default: what the environment says. */
  settings?: Settings;
  /** False gives up safety against power loss for speed: for tests only. */
  durable?: boolean;
  /** More variables for the gateway and the workers. */
  variables?: Record<string, string>;
}

export interface RunningServices {
  urls: ServiceUrls;
  /** The variables under which another process of ours finds these services. */
  variables: Record<string, string>;
  stop(): Promise<void>;
}

interface Work {
  machine: Machine;
  supervisor: Supervisor;
  ports: Record<string, number>;
  options: StartOptions;
  urls: ServiceUrls;
}

const given = {
  postgres: 'DATABASE_URL',
  documents: 'MONGODB_URL',
  models: 'TRITON_URL',
} as const;

function projectCount({ machine }: Work): number {
  return machine.settings.PROJECTS?.length ?? 1;
}

function readyTimeoutMs({ machine }: Work): number {
  return machine.settings.START_TIMEOUT_SECONDS * 1_000;
}

function nodeOptions(work: Work, variables: Record<string, string> = {}): NodeServiceOptions {
  const env = { ...work.machine.env, ...variables };
  return { folder: work.options.folder, env, readyTimeoutMs: readyTimeoutMs(work) };
}

async function startPostgres(work: Work): Promise<void> {
  const { folder, durable = true } = work.options;
  const programs = await ensurePostgres(work.machine, readClusterMajor(folder));
  const common = { env: work.machine.env, readyTimeoutMs: readyTimeoutMs(work) };
  const connections = connectionsPerProject * projectCount(work);
  const { spec, url } = await preparePostgres({
    ...{ folder, programs, port: work.ports.postgres ?? 0, durable, connections, ...common },
  });
  await work.supervisor.start(spec);
  work.urls.databaseUrl = url;
}

/** Redis where it can be had; else the queue lives in PostgreSQL, which is slower but loses nothing either. */
async function startQueue(work: Work): Promise<void> {
  const { folder, durable = true } = work.options;
  const program = await ensureRedis(work.machine);
  if (program === null) {
    work.options.log.say('no redis-server can be had: the queue uses PostgreSQL');
    work.urls.queueBackend = 'postgres';
    return;
  }
  const common = { env: work.machine.env, readyTimeoutMs: readyTimeoutMs(work) };
  const { spec, url } = prepareRedis({ folder, program, port: work.ports.queue ?? 0, durable, ...common });
  await work.supervisor.start(spec);
  work.urls.redisUrl = url;
}

async function startDocuments(work: Work): Promise<void> {
  const { spec, url } = documentsSpec(work.ports.documents ?? 0, nodeOptions(work));
  await work.supervisor.start(spec);
  work.urls.mongodbUrl = url;
}

async function startModels(work: Work): Promise<void> {
  const threads = work.machine.settings.MODEL_SERVER_THREADS ?? availableParallelism();
  const size = { threads, modelsMax: modelsPerProject * projectCount(work) };
  const { spec, url } = modelServerSpec(work.ports.models ?? 0, size, nodeOptions(work));
  await work.supervisor.start(spec);
  work.urls.modelServerUrl = url;
}

async function startGateway(work: Work): Promise<void> {
  const { spec, url } = gatewaySpec(work.ports.gateway ?? 0, nodeOptions(work, variablesOf(work)));
  await work.supervisor.start(spec);
  work.urls.gatewayUrl = url;
}

async function startWorkers(work: Work): Promise<void> {
  await work.supervisor.start(workersSpec(workerRoles, nodeOptions(work, variablesOf(work))));
}

async function startConsole(work: Work): Promise<void> {
  await buildConsole(work.machine, work.options.log);
  const port = work.ports.console ?? 0;
  const secret = work.machine.env.CONSOLE_SECRET || readOrMakeSecret(join(work.options.folder, 'console.secret'));
  const url = work.machine.env.CONSOLE_URL || `http://127.0.0.1:${port}`;
  const gateway = work.machine.env.GATEWAY_URL || work.urls.gatewayUrl;
  const own = {
    ...{ CONSOLE_URL: url, CONSOLE_SECRET: secret, CONSOLE_PORT: String(port) },
    ...(gateway === null ? {} : { GATEWAY_URL: gateway }),
  };
  await work.supervisor.start(consoleSpec(port, nodeOptions(work, { ...variablesOf(work), ...own })));
  work.urls.consoleUrl = url;
}

function variablesOf(work: Work): Record<string, string> {
  const { env } = work.machine;
  const secretsKey = env.SECRETS_KEY || readOrMakeSecret(join(work.options.folder, 'secrets.key'));
  const services = { ...serviceVariables(work.urls, work.ports), ...storeVariables(env) };
  return { ...services, SECRETS_KEY: secretsKey, ...work.options.variables };
}

const starters: Record<ServiceName, (work: Work) => Promise<void>> = {
  postgres: startPostgres,
  queue: startQueue,
  documents: startDocuments,
  models: startModels,
  gateway: startGateway,
  workers: startWorkers,
  console: startConsole,
};

function isGiven(name: ServiceName, { settings }: Machine): boolean {
  if (name === 'queue') return settings.REDIS_URL !== undefined || settings.QUEUE_BACKEND === 'postgres';
  return name in given && settings[given[name as keyof typeof given]] !== undefined;
}

function urlsFrom(settings: Settings, folder: string): ServiceUrls {
  return {
    databaseUrl: settings.DATABASE_URL ?? null,
    redisUrl: settings.REDIS_URL ?? null,
    queueBackend: settings.QUEUE_BACKEND ?? 'redis',
    mongodbUrl: settings.MONGODB_URL ?? null,
    modelServerUrl: settings.TRITON_URL ?? null,
    gatewayUrl: null,
    consoleUrl: null,
    objectsFolder: join(folder, 'objects'),
    objectsBucket: bucketOf(settings),
    modelsFolder: settings.MODEL_REPOSITORY_FOLDER ?? join(folder, 'models'),
    workFolder: join(folder, 'work'),
    projects: settings.PROJECTS?.join(',') ?? null,
  };
}

async function startOne(name: ServiceName, work: Work): Promise<void> {
  if (isGiven(name, work.machine)) return work.options.log.say(`${name}: using the one of the environment`);
  if (['gateway', 'workers'].includes(name) && findNodeProgram(name as 'gateway' | 'workers') === null)
    return work.options.log.warn(`${name}: this checkout has no such program; left out`);
  const started = performance.now();
  await starters[name](work);
  work.options.log.say(`${name}: ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function portsWanted(settings: Settings): Record<string, number | undefined> {
  const gateway = settings.GATEWAY_PORT ?? usualGatewayPort;
  const console = settings.CONSOLE_PORT ?? usualConsolePort;
  return { postgres: undefined, queue: undefined, documents: undefined, models: undefined, gateway, console };
}

/**
 * Starts the services in the order in which they need each other and keeps them running. What a URL variable names is
 * used as it is; what is missing on the machine is installed when that is allowed. Throws a StudioError that says what
 * to type; nothing is left running then.
 */
export async function startServices(options: StartOptions): Promise<RunningServices> {
  const machine = createMachine(options.settings ?? readSettings(), options.log);
  mkdirSync(options.folder, { recursive: true });
  const supervisor = await createSupervisor(options.folder, options.log);
  try {
    const ports = await choosePorts(join(options.folder, 'ports.json'), portsWanted(machine.settings));
    const urls = urlsFrom(machine.settings, options.folder);
    mkdirSync(urls.objectsFolder, { recursive: true, mode: 0o700 });
    mkdirSync(urls.workFolder, { recursive: true, mode: 0o700 });
    const work: Work = { machine, supervisor, ports, options, urls };
    for (const name of serviceNames) if (options.which.includes(name)) await startOne(name, work);
    supervisor.setUrls({ ...urls });
    return { urls, variables: variablesOf(work), stop: () => supervisor.stop() };
  } catch (error) {
    await supervisor.stop();
    throw error;
  }
}
