import { hostname } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log, RunningTask, TaskKind, WorkerRegistry, WorkerRole } from '@embedding-studio/contracts';
import { logOnce } from './log-once.ts';
import type { MinuteCounts } from './minute-counts.ts';

export interface HeartbeatOptions {
  workers: WorkerRegistry;
  identity: { id: string; roles: readonly WorkerRole[]; version: string; startedAt: Date };
  log: Log;
  counts: MinuteCounts;
  running: () => RunningTask[];
  /** Told what is paused, at every look. */
  onPauses: (paused: ReadonlySet<TaskKind>) => void;
  beatMs?: number;
  /** How often pauses are looked for. */
  pausesMs?: number;
}

export interface Heartbeat {
  /** Looks for pauses and beats once; before any work is taken. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Says every few seconds that this process lives and what it does, and hears what it may not start. */
export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { workers, identity, counts, beatMs = 5_000, pausesMs = 1_000 } = options;
  const lag = monitorEventLoopDelay({ resolution: 10 });
  const stopping = new AbortController();
  const look = async (): Promise<void> =>
    options.onPauses(new Set((await workers.listPauses()).map(({ kind }) => kind)));
  const beat = async (): Promise<void> => {
    const taken = counts.take();
    const { rss, heapUsed } = process.memoryUsage();
    const percentile = lag.percentile(99) / 1e6;
    lag.reset();
    const facts = { rssBytes: rss, heapBytes: heapUsed, eventLoopLagMs: Number.isFinite(percentile) ? percentile : 0 };
    const self = { ...identity, host: hostname(), pid: process.pid, ...facts, running: options.running() };
    await workers.beat(self, taken).catch((error: unknown) => {
      counts.giveBack(taken);
      throw error;
    });
  };
  const loop = async (name: string, work: () => Promise<void>, everyMs: number): Promise<void> => {
    const trouble = logOnce(options.log, name);
    while (!stopping.signal.aborted) {
      await work().then(trouble.worked, trouble.failed);
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  let loops: Promise<void>[] = [];
  return {
    async start() {
      lag.enable();
      await look().catch(() => undefined);
      loops = [loop('heartbeat', beat, beatMs), loop('look for paused queues', look, pausesMs)];
    },
    async close() {
      stopping.abort();
      await Promise.all(loops);
      lag.disable();
      await beat().catch(() => undefined);
      await workers.forgetWorker(identity.id).catch(() => undefined);
    },
  };
}
