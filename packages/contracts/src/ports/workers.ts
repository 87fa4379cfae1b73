import type { TaskKind } from '../task.ts';
import type { KindMinute, KindPause, WorkerBeat, WorkerRecord } from '../worker.ts';

/** Who works, what was done by the minute, and what is paused (MongoDB). */
export interface WorkerRegistry {
  /** Adds the counts to their minutes. Workers that stop beating are forgotten after an hour. */
  beat(beat: WorkerBeat, counts: readonly KindMinute[]): Promise<void>;
  /** Unknown workers are no error. */
  forgetWorker(id: string): Promise<void>;
  /** Live ones first, then by start. */
  listWorkers(): Promise<WorkerRecord[]>;
  /** Oldest first; minutes are kept for two days. */
  listMinutes(since: Date): Promise<KindMinute[]>;
  /** A kind that is paused already keeps its first reason. */
  pauseKinds(kinds: readonly TaskKind[], pause: { reason: string; actor: string }): Promise<void>;
  resumeKinds(kinds: readonly TaskKind[]): Promise<void>;
  listPauses(): Promise<KindPause[]>;
}
