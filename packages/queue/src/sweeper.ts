import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyTask, Log, QueuePort, TaskStore } from '@embedding-studio/contracts';
import { logOnce } from './log-once.ts';

export interface SweeperOptions {
  tasks: TaskStore;
  queue: QueuePort;
  log: Log;
  now?: () => Date;
  intervalMs?: number;
  /** A delivered task that nobody has claimed for this long is delivered again: the queue may have been emptied. */
  redeliverAfterMs?: number;
  /** Repairs sagas; called now and then. */
  reconcile?: () => Promise<void>;
}

export interface Sweeper {
  /** One round, for tests and for a start in order. */
  sweep(): Promise<number>;
  close(): Promise<void>;
}

const page = 200;

/** Delivers what the queue has not been told or has lost. Any number of processes may sweep at once. */
export function createSweeper(options: SweeperOptions): Sweeper {
  const { intervalMs = 1_000, log } = options;
  const stopping = new AbortController();
  const rounds = [
    { name: 'task sweep', everyMs: intervalMs, run: () => sweepOnce(options) },
    { name: 'rollout sweep', everyMs: intervalMs * 5, run: async () => options.reconcile?.() },
  ];
  const loops = rounds.map((round) => repeat({ ...round, log, signal: stopping.signal }));
  return {
    sweep: async () => {
      const delivered = await sweepOnce(options);
      await options.reconcile?.();
      return delivered;
    },
    close: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function repeat(loop: {
  name: string;
  everyMs: number;
  run: () => Promise<unknown>;
  log: Log;
  signal: AbortSignal;
}): Promise<void> {
  const trouble = logOnce(loop.log, loop.name);
  while (!loop.signal.aborted) {
    try {
      await loop.run();
      trouble.worked();
    } catch (error) {
      trouble.failed(error);
    }
    await sleep(loop.everyMs, undefined, { signal: loop.signal }).catch(() => undefined);
  }
}

async function sweepOnce(options: SweeperOptions): Promise<number> {
  const due = [...(await options.tasks.listUndelivered(page)), ...(await listForgotten(options))];
  for (const task of due) {
    await options.queue.enqueue(task.kind, task.id, { priority: task.priority });
    await options.tasks.markDispatched(task.id);
  }
  return due.length;
}

async function listForgotten(options: SweeperOptions): Promise<AnyTask[]> {
  const now = (options.now?.() ?? new Date()).getTime();
  const before = now - (options.redeliverAfterMs ?? 20_000);
  const pending = await options.tasks.listTasks({ status: 'pending', offset: 0, limit: page });
  return pending.filter(
    ({ dispatchedAt, notBefore }) =>
      dispatchedAt !== null && dispatchedAt.getTime() < before && (notBefore === null || notBefore.getTime() <= now),
  );
}
