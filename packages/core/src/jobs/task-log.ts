import { type AnyTask, type JobLogLevel, type JobLogLine, type Log, toStudioError } from '@embedding-studio/contracts';
import type { CoreDeps } from '../context.ts';

const flushEveryMs = 2_000;
const fieldsMax = 8;
/** Kept until they can be written; what comes beyond them is left out. */
const heldMax = 500;

export interface TaskLog {
  /** Says what it is told also in the lines of the task, from `info` on. */
  log: Log;
  say(level: JobLogLevel, message: string): void;
  /** Writes what is left; never throws. */
  close(): Promise<void>;
}

/** Where the lines of a task are kept: training has one log for all attempts of a rollout. */
export function logIdOf(task: AnyTask): string {
  return task.kind === 'fine_tuning' ? (task.input.rolloutId ?? task.id) : task.id;
}

/** The log of one attempt, for people: beside the log of the process, and never in its way. */
export function openTaskLog({ log, jobLogs, clock }: CoreDeps, logId: string): TaskLog {
  let held: Omit<JobLogLine, 'number'>[] = [];
  let writing: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    const lines = held;
    held = [];
    if (lines.length === 0) return writing;
    writing = writing
      .then(() => jobLogs.appendLines(logId, lines))
      .catch((error: unknown) => log.debug({ reason: toStudioError(error).message }, 'lines of a task not stored'));
    return writing;
  };
  const timer = setInterval(() => void flush(), flushEveryMs);
  timer.unref();
  const say = (level: JobLogLevel, message: string): void => {
    if (held.length < heldMax) held.push({ level, message, at: clock.now() });
  };
  return {
    log: tee(log, say),
    say,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

type Say = TaskLog['say'];

function tee(log: Log, say: Say): Log {
  const both = (level: 'info' | 'warn' | 'error') => (fields: Record<string, unknown>, message: string) => {
    log[level](fields, message);
    say(level, `${message}${describe(fields)}`);
  };
  return {
    debug: (fields, message) => log.debug(fields, message),
    ...{ info: both('info'), warn: both('warn'), error: both('error') },
    child: (fields) => tee(log.child(fields), say),
  };
}

/** Short facts only: whole objects belong into the log of the process. */
function describe(fields: Record<string, unknown>): string {
  const facts = Object.entries(fields)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, fieldsMax)
    .map(([name, value]) => `${name} ${String(value)}`);
  return facts.length === 0 ? '' : `: ${facts.join(', ')}`;
}
