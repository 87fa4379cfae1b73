import { type KindDepth, workerRoles } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

export interface StateTeller {
  /** Looks where the last look is too old; never throws. */
  tell(): Promise<void>;
}

/** Counting every vector reads the whole table. */
const countEveryMs = 300_000;

/** Keeps the gauges of a project's state as new as `everyMs`, however often and by whomever they are read. */
export function createStateTeller(ctx: Ctx, { everyMs = 10_000, waitMs = 3_000 } = {}): StateTeller {
  const { telemetry, settings, log } = ctx.deps;
  const { project } = settings.place;
  const counted = { at: Number.NEGATIVE_INFINITY };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;
  const look = async (): Promise<void> => {
    const results = await Promise.allSettled([tellWork(ctx), tellLive(ctx, counted), tellHealth(ctx)]);
    const failed = results.find((result) => result.status === 'rejected');
    const outcome = failed === undefined ? 'ok' : 'failed';
    telemetry.count('embedding_studio_state_reads_total', { project, outcome });
    if (failed !== undefined) log.warn({ reason: String(failed.reason) }, 'state could not be read for metrics');
  };
  return {
    tell: async () => {
      if (looking === null && performance.now() - lookedAt >= everyMs) {
        lookedAt = performance.now();
        looking = look().finally(() => {
          looking = null;
        });
      }
      await Promise.race([looking, wait(waitMs)]);
    },
  };
}

/** A store that hangs must not keep the other metrics back. */
function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

async function tellWork({ deps }: Ctx): Promise<void> {
  const { telemetry, taskSearch, workers, clock, settings } = deps;
  const { project } = settings.place;
  const [queues, records] = await Promise.all([taskSearch.describeQueues(), workers.listWorkers()]);
  for (const queue of queues) {
    const { kind, oldestAt } = queue;
    const age = oldestAt === null ? 0 : Math.max(0, clock.now().getTime() - oldestAt.getTime()) / 1_000;
    telemetry.gauge('embedding_studio_queue_oldest_waiting_age_seconds', { project, kind }, age);
    for (const state of states) telemetry.gauge('embedding_studio_queue_tasks', { project, kind, state }, queue[state]);
  }
  for (const role of workerRoles) {
    const live = records.filter(({ isLive, roles }) => isLive && roles.includes(role));
    telemetry.gauge('embedding_studio_workers', { project, role }, live.length);
  }
}

const states = ['waiting', 'delayed', 'running', 'stalled', 'failed'] as const satisfies (keyof KindDepth)[];

async function tellLive({ deps }: Ctx, counted: { at: number }): Promise<void> {
  const { telemetry, collections, collectionChecks, settings } = deps;
  const { project } = settings.place;
  const live = await collections.findLive();
  if (live === null) return;
  const { collectionId } = live;
  const [storage, [last]] = await Promise.all([
    collections.describeStorage(collectionId),
    collectionChecks.listChecks({ collectionId, before: null, limit: 1 }),
  ]);
  const size = 'embedding_studio_live_collection_size_bytes';
  telemetry.gauge(size, { project, part: 'vectors' }, storage.vectorBytes);
  telemetry.gauge(size, { project, part: 'index' }, storage.indexBytes ?? 0);
  if (storage.deadShare !== null)
    telemetry.gauge('embedding_studio_live_collection_dead_rows_ratio', { project }, storage.deadShare);
  if (last !== undefined) {
    telemetry.gauge('embedding_studio_live_collection_recall_ratio', { project }, last.check.recall10);
    const checkedAt = last.at.getTime() / 1_000;
    telemetry.gauge('embedding_studio_live_collection_recall_checked_timestamp_seconds', { project }, checkedAt);
    const { drift } = last.check;
    if (drift) telemetry.gauge('embedding_studio_live_collection_query_drift_ratio', { project }, drift.area);
  }
  if (performance.now() - counted.at < countEveryMs) return;
  counted.at = performance.now();
  const { items, stale } = await collections.countVectors(collectionId);
  telemetry.gauge('embedding_studio_live_collection_items', { project }, items);
  telemetry.gauge('embedding_studio_live_collection_stale_items', { project }, stale);
}

async function tellHealth({ deps }: Ctx): Promise<void> {
  const { telemetry, analytics, collections, modelServer, clock, settings } = deps;
  const { project } = settings.place;
  const [state, freeBytes, isReady] = await Promise.all([
    analytics.getState(),
    collections.findFreeBytes(),
    modelServer.isReady(),
  ]);
  telemetry.gauge('embedding_studio_model_server_ready', {}, Number(isReady));
  if (freeBytes !== null) telemetry.gauge('embedding_studio_database_free_bytes', { project }, freeBytes);
  if (state.caughtUpAt === null) return;
  const lag = Math.max(0, clock.now().getTime() - state.caughtUpAt.getTime()) / 1_000;
  telemetry.gauge('embedding_studio_analytics_lag_seconds', { project }, lag);
}
