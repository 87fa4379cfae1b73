import type {
  AnalyticsStore,
  JobLogStore,
  ObjectStore,
  RolloutStore,
  SessionStore,
  TaskSearch,
  TaskStore,
  Tracker,
  WorkerRegistry,
} from '@embedding-studio/contracts';
import { MongoClient } from 'mongodb';
import { createAnalyticsIndexes, openAnalytics } from './analytics/analytics-documents.ts';
import { createAnalyticsStore } from './analytics/analytics-store.ts';
import { openTouches } from './analytics/touch-documents.ts';
import { createJobLogIndexes, createJobLogStore, type JobLogDocument } from './job-log-store.ts';
import { withMongoErrors } from './mongo-errors.ts';
import { moveOldPoints, type OldPoint } from './move-old-points.ts';
import { prepareStores } from './prepare-stores.ts';
import { createRolloutIndexes, createRolloutStore, type RolloutDocument } from './rollout-store.ts';
import {
  type BatchDocument,
  createSessionIndexes,
  type EventDocument,
  type SessionDocument,
  type SessionParts,
} from './session-documents.ts';
import { createSessionStore } from './session-store.ts';
import type { TaskDocument } from './task-documents.ts';
import { createTaskSearch } from './task-search.ts';
import { createTaskIndexes, createTaskStore } from './task-store.ts';
import { fillTaskSubjects } from './task-subjects.ts';
import { createTracker } from './tracker.ts';
import {
  type AliasDocument,
  type ChunkDocument,
  createTrackerIndexes,
  type ExperimentDocument,
  type LatestDocument,
  type RunDocument,
  type TrackerParts,
  type VersionDocument,
} from './tracker-documents.ts';
import {
  createWorkerIndexes,
  createWorkerRegistry,
  type MinuteDocument,
  type PauseDocument,
  type WorkerDocument,
  type WorkerParts,
} from './worker-registry.ts';

export interface MongoSettings {
  url: string;
  database: string;
  /** Where the tracker keeps artefacts. */
  objects: ObjectStore;
  /** Longest that one operation may take, retries included, milliseconds. */
  timeoutMs?: number;
  now?: () => Date;
  /** Opens the stores all the same where no server answers: they fail until one does. Default: fails. */
  mayBeAway?: boolean;
  /** Trace context of whoever asks for a task. */
  traceparent?: () => string | undefined;
}

export interface MongoStores {
  tasks: TaskStore;
  rollouts: RolloutStore;
  sessions: SessionStore;
  tracker: Tracker;
  taskSearch: TaskSearch;
  workers: WorkerRegistry;
  jobLogs: JobLogStore;
  analytics: AnalyticsStore;
  /** One round trip. @throws StudioError STORE_UNAVAILABLE */
  ping(): Promise<void>;
  /** Version of the server. */
  describe(): Promise<string>;
  close(): Promise<void>;
}

function createClient({ url, timeoutMs = 15_000 }: MongoSettings): MongoClient {
  return new MongoClient(url, {
    appName: 'embedding-studio',
    serverSelectionTimeoutMS: 5_000,
    connectTimeoutMS: 5_000,
    socketTimeoutMS: timeoutMs,
    waitQueueTimeoutMS: timeoutMs,
    maxPoolSize: 20,
    ignoreUndefined: true,
    writeConcern: { w: 'majority', journal: true },
  });
}

/**
 * Connects, makes the indexes (idempotent) and hands out the stores that live in MongoDB.
 * @throws StudioError STORE_UNAVAILABLE
 */
export async function openMongo(settings: MongoSettings, client = createClient(settings)): Promise<MongoStores> {
  const now = settings.now ?? (() => new Date());
  const db = client.db(settings.database);
  const tasks = db.collection<TaskDocument>('tasks');
  const rollouts = db.collection<RolloutDocument>('rollouts');
  const sessionParts: SessionParts = {
    sessions: db.collection<SessionDocument>('sessions'),
    events: db.collection<EventDocument>('session_events'),
    batches: db.collection<BatchDocument>('session_batches'),
    facts: db.collection('session_facts'),
    touches: openTouches(db),
    now,
  };
  const trackerParts: TrackerParts = {
    experiments: db.collection<ExperimentDocument>('experiments'),
    runs: db.collection<RunDocument>('runs'),
    chunks: db.collection<ChunkDocument>('metric_chunks'),
    latest: db.collection<LatestDocument>('latest_metrics'),
    versions: db.collection<VersionDocument>('model_versions'),
    aliases: db.collection<AliasDocument>('model_aliases'),
    now,
  };
  const workerParts: WorkerParts = {
    workers: db.collection<WorkerDocument>('workers'),
    minutes: db.collection<MinuteDocument>('task_minutes'),
    pauses: db.collection<PauseDocument>('queue_pauses'),
    now,
  };
  const lines = db.collection<JobLogDocument>('job_log_lines');
  const analyticsParts = openAnalytics(db, sessionParts);
  const prepare = async (): Promise<void> => {
    await client.connect();
    await createTaskIndexes(tasks);
    await fillTaskSubjects(tasks, db.collection('upgrades'));
    await createWorkerIndexes(workerParts);
    await createRolloutIndexes(rollouts);
    await createSessionIndexes(sessionParts);
    await createTrackerIndexes(trackerParts);
    await createJobLogIndexes({ lines });
    await moveOldPoints(trackerParts, db.collection<OldPoint>('metric_points'));
    await createAnalyticsIndexes(analyticsParts);
  };
  const preparation = await prepareStores(prepare, settings.mayBeAway ?? false).catch(async (error: unknown) => {
    await client.close().catch(() => undefined);
    throw error;
  });
  const guard = <T extends object>(store: T): T => withMongoErrors(store, preparation.require);
  const admin = guard({
    ping: async () => void (await db.command({ ping: 1 })),
    describe: async () => String((await db.command({ buildInfo: 1 })).version),
  });
  return {
    tasks: guard(createTaskStore({ tasks, now, traceparent: settings.traceparent })),
    rollouts: guard(createRolloutStore({ rollouts, now })),
    sessions: guard(createSessionStore(sessionParts)),
    analytics: guard(createAnalyticsStore(analyticsParts)),
    tracker: guard(createTracker(trackerParts, settings.objects)),
    taskSearch: guard(createTaskSearch({ tasks, now })),
    workers: guard(createWorkerRegistry(workerParts)),
    jobLogs: guard(createJobLogStore({ lines })),
    ping: admin.ping,
    describe: admin.describe,
    close: () => {
      preparation.stop();
      return client.close();
    },
  };
}
