import { objectStoreFragment, tritonFragment } from '@embedding-studio/composition/settings';
import { StudioError } from '@embedding-studio/contracts';

/** Where each service answers. Null: not started, and not given by the environment. */
export interface ServiceUrls {
  databaseUrl: string | null;
  /** Null when the queue lives in PostgreSQL. */
  redisUrl: string | null;
  queueBackend: 'redis' | 'postgres';
  mongodbUrl: string | null;
  modelServerUrl: string | null;
  gatewayUrl: string | null;
  consoleUrl: string | null;
  objectsFolder: string;
  /** Where objects lie instead; the keys to it are never kept. Absent in what earlier versions wrote. */
  objectsBucket?: string | null;
  /** The model server's repository. */
  modelsFolder: string;
  workFolder: string;
  /** The setting PROJECTS; null: not set, one project. */
  projects: string | null;
}

const passedOn = [...Object.keys(objectStoreFragment.shape), ...Object.keys(tritonFragment.shape), 'TRITON_GRPC_URL'];

/** Settings of stores that have no address of their own above: every process has to have the same. */
export function storeVariables(environment: Record<string, string | undefined>): Record<string, string> {
  const given = passedOn.map((name): [string, string | undefined] => [name, environment[name]]);
  return Object.fromEntries(given.filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/**
 * Sees that a command looks for objects where the running services keep them.
 * @throws StudioError SETTINGS_INVALID
 */
export function requireSameBucket(urls: ServiceUrls, environment: Record<string, string | undefined>): void {
  const here = bucketOf(environment);
  const running = urls.objectsBucket ?? null;
  if (here === running) return;
  const where = running === null ? `in the folder ${urls.objectsFolder}` : `in the bucket ${running}`;
  throw new StudioError(
    'SETTINGS_INVALID',
    `S3_BUCKET, GCS_BUCKET: what runs keeps its objects ${where}. Give this command the settings that it was started with.`,
  );
}

/** Null: objects lie in a folder. */
export function bucketOf({ S3_BUCKET, GCS_BUCKET }: { S3_BUCKET?: string; GCS_BUCKET?: string }): string | null {
  if (S3_BUCKET) return S3_BUCKET;
  return GCS_BUCKET ? `gs://${GCS_BUCKET}` : null;
}

/** The same as environment variables; without REDIS_URL the queue lives in PostgreSQL. */
export function serviceVariables(urls: ServiceUrls, ports: Record<string, number>): Record<string, string> {
  const all: Record<string, string | null> = {
    DATABASE_URL: urls.databaseUrl,
    REDIS_URL: urls.redisUrl,
    MONGODB_URL: urls.mongodbUrl,
    TRITON_URL: urls.modelServerUrl,
    MODEL_REPOSITORY_FOLDER: urls.modelsFolder,
    OBJECTS_FOLDER: urls.objectsFolder,
    WORK_FOLDER: urls.workFolder,
    PROJECTS: urls.projects,
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_PORT: ports.gateway === undefined ? null : String(ports.gateway),
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null));
}
