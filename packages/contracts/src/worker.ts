import type { WorkerRole } from './job.ts';
import type { TaskKind } from './task.ts';

export interface RunningTask {
  taskId: string;
  kind: TaskKind;
  since: Date;
}

/** What a worker process says of itself every few seconds. */
export interface WorkerBeat {
  id: string;
  roles: readonly WorkerRole[];
  host: string;
  pid: number;
  version: string;
  startedAt: Date;
  rssBytes: number;
  heapBytes: number;
  /** 99th percentile since the beat before, milliseconds. */
  eventLoopLagMs: number;
  running: readonly RunningTask[];
}

export interface WorkerRecord extends WorkerBeat {
  beatAt: Date;
  /** False once it has missed several beats: it died, hangs, or cannot reach the store. */
  isLive: boolean;
}

/** Attempts of one kind that ended within one minute. */
export interface KindMinute {
  kind: TaskKind;
  /** Start of the minute. */
  minute: Date;
  done: number;
  /** Failed, refused or canceled. */
  failed: number;
  /** Given back for another attempt. */
  released: number;
  /** Time that these attempts took together. */
  busyMs: number;
}

/** A kind whose tasks wait until somebody lets it go on. */
export interface KindPause {
  kind: TaskKind;
  reason: string;
  actor: string;
  at: Date;
}
