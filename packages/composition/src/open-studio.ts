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
import { ModelManifest as Manifest } from '@embedding-studio/contracts';
import { type CoreDeps, type CoreSettings, createQueryKnowledge } from '@embedding-studio/core';
import { openMongo } from '@embedding-studio/db/mongo';
import { openPostgres, type SignInDatabase } from '@embedding-studio/db/postgres';
import { createMlflowTracker } from '@embedding-studio/integrations/mlflow';
import {
  createEncoder,
  createModelServer,
  guardQueries,
  type ModelServerClient,
} from '@embedding-studio/integrations/model-server';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { createTrainer } from '@embedding-studio/ml/trainer';
import { createQueue, createRateLimiter, type QueueConnection } from '@embedding-studio/queue';
import { openPlugins } from './open-plugins.ts';
import { createServiceDirectory } from './service-directory.ts';
import type { StudioSettings } from './settings.ts';

export interface Studio {
  deps: CoreDeps;
  queueConnection: QueueConnection;
  /** Where the console's sign-in library keeps accounts. */
  signIn: SignInDatabase;
  /** Requests by minute; shared by all processes that have the same Redis. */
  openRateLimiter(name: string): RateLimiter;
  close(): Promise<void>;
}

export interface StudioOptions {
  settings: StudioSettings;
  log: Log;
}

/** Wires every port to its adapter; the one composition root that gateway, workers, CLI and tests share. */
export async function openStudio({ settings, log }: StudioOptions): Promise<Studio> {
  const objects = createFolderObjectStore({ folder: settings.OBJECTS_FOLDER });
  const postgres = await openPostgres({
    url: settings.DATABASE_URL,
    poolMax: settings.DATABASE_POOL_MAX,
    statementTimeoutMs: 60_000,
  });
  await postgres.migrate();
  const mongo = await openMongo({ url: settings.MONGODB_URL, database: settings.MONGODB_DATABASE, objects });
  const queueConnection: QueueConnection =
    settings.REDIS_URL === undefined ? { postgresUrl: settings.DATABASE_URL } : { redisUrl: settings.REDIS_URL };
  const queue = createQueue(queueConnection, { log });
  const modelServer = createModelServer({
    url: settings.TRITON_URL,
    repositoryFolder: settings.MODEL_REPOSITORY_FOLDER,
    inferTimeoutMs: settings.INFER_TIMEOUT_MS,
    loadTimeoutMs: 120_000,
  });
  const { tasks, rollouts, sessions, analytics, taskSearch, workers } = mongo;
  const tracker = openMlflow(settings) ?? mongo.tracker;
  const { items, collections, models, apiKeys, users, audit, words } = postgres;
  const clock = { now: () => new Date() };
  const { suggestions, categories, dataSources, improvement, policies } = postgres;
  const { savedViews, judgements, collectionChecks } = postgres;
  const deps: CoreDeps = {
    ...{ suggestions, categories, dataSources, improvement, policies, taskSearch, workers },
    ...{ savedViews, judgements, collectionChecks },
    ...{ items, collections, models, apiKeys, users, audit, tasks, rollouts, sessions, analytics, tracker },
    ...{ queue, modelServer, objects, log },
    jobLogs: mongo.jobLogs,
    encoder: guardQueries(openEncoder({ settings, server: modelServer, models, objects }), {
      ...{ deadlineMs: settings.QUERY_DEADLINE_MS, failuresMax: 5, restMs: 5_000 },
      log,
    }),
    trainer: openTrainer(settings, log),
    ...(await openPlugins({ settings, clock, log })),
    services: createServiceDirectory({ settings, postgres, mongo, modelServer }),
    queryKnowledge: createQueryKnowledge({ words, sessions, clock, log }),
    clock,
    settings: coreSettings(settings),
  };
  const close = async () => {
    await queue.close();
    await Promise.all([mongo.close(), postgres.close()]);
  };
  const openRateLimiter = (name: string) => createRateLimiter(queueConnection, { name, windowSeconds: 60, log });
  return { deps, queueConnection, signIn: postgres.signIn, openRateLimiter, close };
}

interface EncoderParts {
  settings: StudioSettings;
  server: ModelServerClient;
  models: ModelStore;
  objects: ObjectStore;
}

function openEncoder({ settings, server, models, objects }: EncoderParts): Encoder {
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
  });
}

function openMlflow(settings: StudioSettings): Tracker | null {
  const { MLFLOW_TRACKING_URI: url, MLFLOW_TRACKING_TOKEN: token } = settings;
  if (url === undefined) return null;
  const { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password = '' } = settings;
  const credentials = token === undefined ? user && { user, password } : { token };
  return createMlflowTracker({
    ...{ url, prefix: settings.MLFLOW_PREFIX, timeoutMs: 30_000 },
    ...(credentials ? { credentials } : {}),
  });
}

function openTrainer(settings: StudioSettings, log: Log): Trainer {
  return createTrainer({
    threads: settings.TRAINING_THREADS,
    executionProviders: settings.EXECUTION_PROVIDERS.split(','),
    log,
  });
}

function coreSettings(settings: StudioSettings): CoreSettings {
  return {
    partWordsMax: settings.PART_WORDS_MAX,
    partsMax: settings.PARTS_MAX,
    workFolder: settings.WORK_FOLDER,
    embedBatch: 256,
    heldOutShare: settings.HELD_OUT_SHARE,
    standbyHours: settings.STANDBY_HOURS,
    trainingThreads: settings.TRAINING_THREADS,
    ingestItemsPerSecond: settings.INGEST_ITEMS_PER_SECOND ?? null,
    secretsKey: settings.SECRETS_KEY ?? null,
    sourceSecrets: settings.SOURCE_SECRETS,
    retention: { sessionsDays: settings.RETENTION_SESSIONS_DAYS, tasksDays: settings.RETENTION_TASKS_DAYS },
  };
}
