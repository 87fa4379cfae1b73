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
  /** The model server's repository. */
  modelsFolder: string;
  workFolder: string;
  /** The setting PROJECTS; null: not set, one project. */
  projects: string | null;
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
