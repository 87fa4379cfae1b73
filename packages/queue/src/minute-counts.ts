import type { KindMinute, TaskKind } from '@embedding-studio/contracts';
import type { TaskRunOutcome } from './run-task.ts';

export interface MinuteCounts {
  add(ended: { kind: TaskKind; outcome: TaskRunOutcome; busyMs: number }): void;
  /** What was counted since the last time. */
  take(): KindMinute[];
  /** Counts that could not be stored come along with the next ones. */
  giveBack(counts: readonly KindMinute[]): void;
}

const columnOf: Partial<Record<TaskRunOutcome, 'done' | 'failed' | 'released'>> = {
  ...{ done: 'done', failed: 'failed', refused: 'failed', canceled: 'failed', released: 'released' },
};

/** Counts ended attempts by kind and minute, in memory. */
export function countMinutes(now: () => Date): MinuteCounts {
  let counted = new Map<string, KindMinute>();
  const rowOf = (kind: TaskKind, minute: Date): KindMinute => {
    const key = `${kind}:${minute.getTime()}`;
    const row = counted.get(key) ?? { kind, minute, done: 0, failed: 0, released: 0, busyMs: 0 };
    counted.set(key, row);
    return row;
  };
  return {
    add({ kind, outcome, busyMs }) {
      const column = columnOf[outcome];
      if (column === undefined) return;
      const row = rowOf(kind, new Date(Math.floor(now().getTime() / 60_000) * 60_000));
      row[column] += 1;
      row.busyMs += Math.round(busyMs);
    },
    take() {
      const rows = [...counted.values()];
      counted = new Map();
      return rows;
    },
    giveBack(counts) {
      for (const { kind, minute, done, failed, released, busyMs } of counts) {
        const row = rowOf(kind, minute);
        row.done += done;
        row.failed += failed;
        row.released += released;
        row.busyMs += busyMs;
      }
    },
  };
}
