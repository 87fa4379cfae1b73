import {
  jobCatalog,
  type KindDepth,
  type KindMinute,
  type KindPause,
  type WorkerRecord,
  type WorkerRole,
} from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { watch } from '../watch.ts';

/** One queue: the tasks of one kind. */
export interface QueueView extends KindDepth {
  role: WorkerRole;
  pause: KindPause | null;
  /** Live worker processes that run this role. */
  workers: number;
  /** Means over the last five whole minutes. */
  donePerMinute: number;
  failedPerMinute: number;
  /** Share of the attempts of the last hour that failed; null when none ended. */
  failedShare: number | null;
  /** Mean time of an attempt in the last hour; null when none ended. */
  attemptMs: number | null;
  /** Done and failed attempts of the last hour by minute, oldest first. */
  minutes: { at: Date; done: number; failed: number }[];
}

export interface QueuesView {
  at: Date;
  queues: QueueView[];
  workers: WorkerRecord[];
}

const shownMinutes = 60;
const rateMinutes = 5;
const minuteMs = 60_000;

/** Depth, age, rates and pauses of every queue, and the workers. */
export async function describeQueues({ ctx }: { ctx: Ctx }): Promise<QueuesView> {
  authorise(ctx, 'queue.read');
  const at = ctx.deps.clock.now();
  const thisMinute = Math.floor(at.getTime() / minuteMs) * minuteMs;
  const since = new Date(thisMinute - (shownMinutes - 1) * minuteMs);
  const [depths, minutes, pauses, workers] = await Promise.all([
    ctx.deps.taskSearch.describeQueues(),
    ctx.deps.workers.listMinutes(since),
    ctx.deps.workers.listPauses(),
    ctx.deps.workers.listWorkers(),
  ]);
  const queues = depths.map((depth) => {
    const { role } = jobCatalog[depth.kind];
    return {
      ...depth,
      role,
      pause: pauses.find(({ kind }) => kind === depth.kind) ?? null,
      workers: workers.filter(({ isLive, roles }) => isLive && roles.includes(role)).length,
      ...summarise(
        minutes.filter(({ kind }) => kind === depth.kind),
        { since, thisMinute },
      ),
    };
  });
  return { at, queues, workers };
}

function summarise(own: readonly KindMinute[], { since, thisMinute }: { since: Date; thisMinute: number }) {
  const byMinute = new Map(own.map((row) => [row.minute.getTime(), row]));
  const minutes = Array.from({ length: shownMinutes }, (_, index) => {
    const at = since.getTime() + index * minuteMs;
    const row = byMinute.get(at);
    return { at: new Date(at), done: row?.done ?? 0, failed: (row?.failed ?? 0) + (row?.released ?? 0) };
  });
  const sum = (rows: readonly { done: number; failed: number }[], name: 'done' | 'failed') =>
    rows.reduce((total, row) => total + row[name], 0);
  const recent = minutes.filter(({ at }) => at.getTime() < thisMinute).slice(-rateMinutes);
  const [done, failed] = [sum(minutes, 'done'), sum(minutes, 'failed')];
  const busyMs = own.reduce((total, row) => total + row.busyMs, 0);
  return {
    donePerMinute: sum(recent, 'done') / rateMinutes,
    failedPerMinute: sum(recent, 'failed') / rateMinutes,
    failedShare: done + failed === 0 ? null : failed / (done + failed),
    attemptMs: done + failed === 0 ? null : busyMs / (done + failed),
    minutes,
  };
}

/** The queues as they move. */
export async function* watchQueues({ ctx }: { ctx: Ctx }): AsyncGenerator<QueuesView> {
  authorise(ctx, 'queue.read');
  yield* watch(ctx, { everyMs: 2_000, read: () => describeQueues({ ctx }) });
}
