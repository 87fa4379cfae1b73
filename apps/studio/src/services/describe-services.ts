import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../environment.ts';
import { describeTriton } from './describe-triton.ts';
import { findPostgres, hasPgvector, oldestPgvector } from './find-postgres.ts';
import { findProgram } from './find-program.ts';
import { type Machine, repositoryFolder } from './machine.ts';
import { findNodeProgram } from './node-services.ts';
import { readClusterMajor } from './postgres-cluster.ts';
import { isListening } from './probes.ts';
import { findRedis } from './redis-instance.ts';
import { installCommand } from './system-packages.ts';

/** How a service is had: `install` means that the next start installs it, `missing` that somebody else must. */
export type Resolution = 'url' | 'local' | 'embedded' | 'install' | 'missing';

export interface ServiceReport {
  service: string;
  how: Resolution;
  version: string;
  why: string;
  /** What to type when it is missing. */
  fix?: string;
}

const usualPorts: Record<string, number> = {
  'postgres:': 5432,
  'postgresql:': 5432,
  'mongodb:': 27017,
  'redis:': 6379,
  'http:': 80,
  'https:': 443,
};

async function describeUrl(service: string, name: keyof Settings, machine: Machine): Promise<ServiceReport | null> {
  const value = machine.settings[name];
  if (typeof value !== 'string') return null;
  const { hostname, port, protocol } = new URL(value);
  const reached = await isListening(hostname, Number(port) || (usualPorts[protocol] ?? 443));
  if (reached) return { service, how: 'url', version: '', why: `${name} is set; ${hostname} answers` };
  return {
    service,
    how: 'missing',
    version: '',
    why: `${name} is set, but ${hostname} does not answer`,
    fix: `unset ${name}, or start that server`,
  };
}

async function describePostgres(machine: Machine, folder: string): Promise<ServiceReport> {
  const service = 'postgres';
  const url = await describeUrl(service, 'DATABASE_URL', machine);
  if (url !== null) return url;
  const major = readClusterMajor(folder);
  const found = await findPostgres(machine.searchPath, major);
  const { refusal } = machine.packages;
  if (found !== null && hasPgvector(found))
    return {
      service,
      how: 'local',
      version: `${found.version}, pgvector ${found.pgvector}`,
      why: `found in ${found.bin}`,
    };
  const lacks =
    found === null
      ? `no PostgreSQL ${major ?? '15 or newer'}`
      : `PostgreSQL ${found.version} without pgvector ${oldestPgvector}`;
  if (refusal === null)
    return {
      service,
      how: 'install',
      version: found?.version ?? '',
      why: `${lacks}; the next start installs it from Debian`,
    };
  const fix =
    found === null
      ? installCommand([major === null ? 'postgresql' : `postgresql-${major}`])
      : `sudo ${machine.command} doctor --install`;
  return { service, how: 'missing', version: found?.version ?? '', why: `${lacks}, and ${refusal}`, fix };
}

async function describeQueue(machine: Machine): Promise<ServiceReport> {
  const service = 'queue';
  const url = await describeUrl(service, 'REDIS_URL', machine);
  if (url !== null) return url;
  if (machine.settings.QUEUE_BACKEND === 'postgres')
    return { service, how: 'local', version: '', why: 'QUEUE_BACKEND is postgres: tables in the database' };
  const found = await findRedis(machine.searchPath);
  if (found !== null) return { service, how: 'local', version: found.version, why: `found ${found.path}` };
  const { refusal } = machine.packages;
  if (refusal === null)
    return { service, how: 'install', version: '', why: 'no redis-server; the next start installs it from Debian' };
  return { service, how: 'embedded', version: '', why: `no redis-server, and ${refusal}: tables in the database` };
}

async function describeOurs(
  service: 'documents' | 'models' | 'gateway' | 'workers' | 'console',
): Promise<ServiceReport> {
  if (findNodeProgram(service) !== null)
    return { service, how: 'embedded', version: process.version, why: 'runs from this repository' };
  return {
    service,
    how: 'missing',
    version: '',
    why: 'this checkout has no such program',
    fix: 'git pull, or clone again',
  };
}

function describeCompiler(machine: Machine): ServiceReport[] {
  const found = findProgram(['gcc'], machine.searchPath);
  return found === null
    ? []
    : [{ service: 'compiler', how: 'local', version: '', why: `found ${found}; used only to build pgvector` }];
}

async function describeModels(machine: Machine): Promise<ServiceReport> {
  const url = await describeUrl('models', 'TRITON_URL', machine);
  if (url === null) return describeOurs('models');
  if (url.how !== 'url') return url;
  const { version, traffic } = await describeTriton(machine.settings);
  return { ...url, version, why: `${url.why}${traffic}` };
}

async function describeObjects({ settings }: Machine, folder: string): Promise<ServiceReport> {
  const { S3_REGION, S3_ENDPOINT = `https://s3.${S3_REGION}.amazonaws.com`, GCS_BUCKET, GCS_ENDPOINT } = settings;
  const { bucket, endpoint, kind } =
    GCS_BUCKET === undefined
      ? { bucket: settings.S3_BUCKET, endpoint: S3_ENDPOINT, kind: 'S3' }
      : { bucket: GCS_BUCKET, endpoint: GCS_ENDPOINT, kind: 'GCS' };
  const service = 'objects';
  if (bucket === undefined) return { service, how: 'embedded', version: '', why: `folder ${join(folder, 'objects')}` };
  const { host, hostname, port, protocol } = new URL(endpoint);
  if (await isListening(hostname, Number(port) || (usualPorts[protocol] ?? 443)))
    return { service, how: 'url', version: '', why: `${kind}_BUCKET is set: bucket ${bucket}; ${host} answers` };
  const why = `${kind}_BUCKET is set: bucket ${bucket}, but ${host} does not answer`;
  return { service, how: 'missing', version: '', why, fix: `set ${kind}_ENDPOINT, or start that server` };
}

const builtInTracker: ServiceReport = {
  ...{ service: 'tracking', how: 'embedded', version: '' },
  why: 'built-in tracker in the document store',
};

/** One row for each service: how it would be had by the next start, and why so. */
export async function describeServices(machine: Machine, folder: string): Promise<ServiceReport[]> {
  const node = existsSync(join(repositoryFolder, 'node_modules'))
    ? 'npm packages are in place'
    : 'npm packages are missing';
  return [
    { service: 'node', how: 'local', version: process.version, why: `${process.execPath}; ${node}` },
    await describePostgres(machine, folder),
    ...describeCompiler(machine),
    await describeQueue(machine),
    (await describeUrl('documents', 'MONGODB_URL', machine)) ?? (await describeOurs('documents')),
    await describeObjects(machine, folder),
    await describeModels(machine),
    (await describeUrl('tracking', 'MLFLOW_TRACKING_URI', machine)) ?? builtInTracker,
    await describeOurs('gateway'),
    await describeOurs('workers'),
    await describeOurs('console'),
  ];
}
