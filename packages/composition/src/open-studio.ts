import type {
  Encoder,
  Log,
  ModelManifest,
  ModelStore,
  ObjectStore,
  RateLimiter,
  Tracker,
  Trainer,
} from '@embedding-studio/contracts';
import { ModelManifest as Manifest, noTelemetry, type Telemetry } from '@embedding-studio/contracts';
import { type CoreDeps, type CoreSettings, createQueryKnowledge } from '@embedding-studio/core';
import { openMongo } from '@embedding-studio/db/mongo';
import {
  ensureDatabase,
  openPostgres,
  type PostgresStores,
  type ReplicaFacts,
  type ReplicaSettings,
  type SignInDatabase,
} from '@embedding-studio/db/postgres';
import { createImageEncoder } from '@embedding-studio/integrations/images';
import { createMlflowTracker } from '@embedding-studio/integrations/mlflow';
import { createEncoder, guardQueries, type ModelServerClient } from '@embedding-studio/integrations/model-server';
import { createHostGuard } from '@embedding-studio/integrations/sources';
import { createAdapterTrainer } from '@embedding-studio/ml/adapters';
import { createTrainer } from '@embedding-studio/ml/trainer';
import { createQueue, createRateLimiter, type QueueConnection } from '@embedding-studio/queue';
import { openModelServer } from './open-model-server.ts';
import { openObjectStore } from './open-object-store.ts';
import { openPlugins } from './open-plugins.ts';
import { databaseOf, isFirst, settingsOf, sharedPrefix } from './project-settings.ts';
import { createServiceDirectory } from './service-directory.ts';
import type { StudioSettings } from './settings.ts';
import { takeTurns } from './take-turns.ts';

export interface Studio {
  /** Whose data space this is. */
  project: string;
  deps: CoreDeps;
  queueConnection: QueueConnection;
  /** Where the console's sign-in library keeps accounts. */
  signIn: SignInDatabase;
  /** Connections to PostgreSQL at this moment. */
  describePools: PostgresStores['describePools'];
  /** Standbys as of the last look at them. */
  describeReplicas: PostgresStores['describeReplicas'];
  /** Requests by minute; shared by all processes that have the same Redis. */
  openRateLimiter(name: string): RateLimiter;
  close(): Promise<void>;
}

export interface StudioOptions {
  /** Of the installation. */
  settings: StudioSettings;
  log: Log;
  /** Default: nobody is told anything. */
  telemetry?: Telemetry;
  /** A gateway starts without the document store: searches need none, and clicks wait. Default: the start fails. */
  documentsMayBeAway?: boolean;
  /** Default: the first. */
  project?: string;
  /** The first project's, where this is another: accounts and the trainer are shared. */
  beside?: Studio;
}

/**
 * Wires every port to its adapter for the data space of one project; the one composition root that gateway, workers,
 * CLI and tests share.
 */
export async function openStudio(options: StudioOptions): Promise<Studio> {
  const { beside, telemetry = noTelemetry, project = options.settings.PROJECTS[0] ?? 'default' } = options;
  const log = beside === undefined ? options.log : options.log.child({ project });
  const settings = settingsOf(options.settings, project);
  const namePrefix = sharedPrefix(settings, project);
  const objects = openObjectStore(settings);
  if (!isFirst(settings, project))
    await ensureDatabase({ url: options.settings.DATABASE_URL, database: databaseOf(options.settings, project) });
  const postgres = await openDatabase({ settings, project, telemetry, log });
  const { traceparent } = telemetry;
  const mongo = await openMongo({
    ...{ url: settings.MONGODB_URL, database: settings.MONGODB_DATABASE, objects, traceparent },
    mayBeAway: options.documentsMayBeAway,
  });
  const queueConnection = queueOf(settings, project);
  const queue = createQueue(queueConnection, { log });
  const modelServer = openModelServer(settings, { namePrefix, telemetry });
  const { tasks, rollouts, sessions, analytics, taskSearch, workers } = mongo;
  const tracker = openMlflow(settings, project) ?? mongo.tracker;
  const { items, collections, models, apiKeys, audit, words } = postgres;
  const users = beside?.deps.users ?? postgres.users;
  const clock = { now: () => new Date() };
  const { suggestions, categories, dataSources, improvement, policies } = postgres;
  const { savedViews, judgements, collectionChecks, experiments } = postgres;
  const deps: CoreDeps = {
    ...{ suggestions, categories, dataSources, improvement, policies, taskSearch, workers },
    ...{ savedViews, judgements, collectionChecks, experiments },
    ...{ items, collections, models, apiKeys, users, audit, tasks, rollouts, sessions, analytics, tracker },
    ...{ queue, modelServer, objects, log, telemetry },
    jobLogs: mongo.jobLogs,
    encoder: guardQueries(openEncoder({ settings, server: modelServer, models, objects, telemetry }), {
      ...{ deadlineMs: settings.QUERY_DEADLINE_MS, failuresMax: 5, restMs: 5_000 },
      ...{ log, telemetry },
    }),
    images: createImageEncoder({
      ...{ server: modelServer, objects, batchRows: 8 },
      guard: createHostGuard({ allowed: settings.SOURCE_PRIVATE_HOSTS ?? [] }),
    }),
    trainer: beside?.deps.trainer ?? openTrainer(settings, log),
    adapterTrainer: createAdapterTrainer(),
    ...(await openPlugins({ settings, clock, log })),
    services: createServiceDirectory({ settings, postgres, mongo, objects, modelServer }),
    queryKnowledge: createQueryKnowledge({ words, sessions, clock, log }),
    clock,
    settings: coreSettings(settings, project),
  };
  const close = async () => {
    await queue.close();
    await Promise.all([mongo.close(), postgres.close(), modelServer.close()]);
  };
  const openRateLimiter = (name: string) => createRateLimiter(queueConnection, { name, windowSeconds: 60, log });
  const signIn = beside?.signIn ?? postgres.signIn;
  const { describePools, describeReplicas } = postgres;
  return { project, deps, queueConnection, signIn, openRateLimiter, describePools, describeReplicas, close };
}

async function openDatabase({
  settings,
  project,
  telemetry,
  log,
}: {
  settings: StudioSettings;
  project: string;
  telemetry: Telemetry;
  log: Log;
}): Promise<PostgresStores> {
  const postgres = await openPostgres({
    url: settings.DATABASE_URL,
    poolMax: settings.DATABASE_POOL_MAX,
    statementTimeoutMs: 60_000,
    telemetry,
    buildMegabytes: settings.INDEX_BUILD_MEGABYTES,
    replicas: replicasOf(settings, log),
  });
  try {
    await postgres.migrate();
    await postgres.claimProject(project);
    return postgres;
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

function replicasOf(settings: StudioSettings, log: Log): ReplicaSettings | undefined {
  const {
    DATABASE_REPLICA_URLS: urls,
    DATABASE_REPLICA_LAG_MS: lagMsMax,
    DATABASE_REPLICA_TIMEOUT_MS: timeoutMs,
  } = settings;
  if (urls.length === 0) return undefined;
  const onChange = (facts: ReplicaFacts) => {
    const tell = facts.state === 'ready' ? log.info : log.warn;
    tell.call(log, { ...facts }, `standby ${facts.place} is ${facts.state}`);
  };
  return { urls, lagMsMax, timeoutMs, onChange };
}

/** In Postgres the queue lies in the project's own database; Redis is shared, so that the keys differ. */
function queueOf(settings: StudioSettings, project: string): QueueConnection {
  if (settings.REDIS_URL === undefined) return { postgresUrl: settings.DATABASE_URL };
  const redis = { redisUrl: settings.REDIS_URL };
  return isFirst(settings, project) ? redis : { ...redis, prefix: `studio-${project}` };
}

interface EncoderParts {
  settings: StudioSettings;
  server: ModelServerClient;
  models: ModelStore;
  objects: ObjectStore;
  telemetry: Telemetry;
}

function openEncoder({ settings, server, models, objects, telemetry }: EncoderParts): Encoder {
  const readModel = async (modelId: string): Promise<{ manifest: ModelManifest; tokenizerJson: string }> => {
    const { artefactKey } = await models.getModel(modelId);
    const text = async (file: string) => Buffer.from(await objects.getObject(`${artefactKey}${file}`)).toString('utf8');
    return {
      manifest: Manifest.parse(JSON.parse(await text('manifest.json'))),
      tokenizerJson: await text('tokenizer.json'),
    };
  };
  return createEncoder({
    server,
    readModel,
    batchRows: settings.EMBED_BATCH_TEXTS,
    parallel: 2,
    queryCacheEntries: 10_000,
    telemetry,
  });
}

/** Ids at an MLflow server are small numbers that reach every experiment there: it is for one project, the first. */
function openMlflow(settings: StudioSettings, project: string): Tracker | null {
  const { MLFLOW_TRACKING_URI: url, MLFLOW_TRACKING_TOKEN: token } = settings;
  if (url === undefined || !isFirst(settings, project)) return null;
  const { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password = '' } = settings;
  const credentials = token === undefined ? user && { user, password } : { token };
  return createMlflowTracker({
    ...{ url, prefix: settings.MLFLOW_PREFIX, timeoutMs: 30_000 },
    ...(credentials ? { credentials } : {}),
  });
}

function openTrainer(settings: StudioSettings, log: Log): Trainer {
  const trainer = createTrainer({
    threads: settings.TRAINING_THREADS,
    executionProviders: settings.EXECUTION_PROVIDERS.split(','),
    log,
  });
  return settings.PROJECTS.length === 1 ? trainer : takeTurns(trainer);
}

function coreSettings(settings: StudioSettings, project: string): CoreSettings {
  return {
    place: { project, projects: settings.PROJECTS },
    partWordsMax: settings.PART_WORDS_MAX,
    partsMax: settings.PARTS_MAX,
    workFolder: settings.WORK_FOLDER,
    embedBatch: 256,
    heldOutShare: settings.HELD_OUT_SHARE,
    standbyHours: settings.STANDBY_HOURS,
    trainingThreads: settings.TRAINING_THREADS,
    serveInt8: settings.SERVE_INT8,
    ingestItemsPerSecond: settings.INGEST_ITEMS_PER_SECOND ?? null,
    secretsKey: settings.SECRETS_KEY ?? null,
    sourceSecrets: settings.SOURCE_SECRETS,
    retention: { sessionsDays: settings.RETENTION_SESSIONS_DAYS, tasksDays: settings.RETENTION_TASKS_DAYS },
  };
}
