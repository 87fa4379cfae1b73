export const jobLogLevels = ['debug', 'info', 'warn', 'error'] as const;
export type JobLogLevel = (typeof jobLogLevels)[number];

/** What a long job says while it runs, for people. */
export interface JobLogLine {
  /** Grows by one from line to line of a job, over all of its attempts. */
  number: number;
  level: JobLogLevel;
  message: string;
  at: Date;
}

/** Lines of long jobs (MongoDB). The oldest lines of a job that says too much are dropped. */
export interface JobLogStore {
  /** Numbers and stores; `jobId` is a rollout's or a task's id. */
  appendLines(jobId: string, lines: readonly Omit<JobLogLine, 'number'>[]): Promise<void>;
  /** All lines of these jobs. */
  deleteLines(jobIds: readonly string[]): Promise<void>;
  /** Oldest first, after that number. */
  listLinesAfter(page: {
    jobId: string;
    after: number;
    levels?: readonly JobLogLevel[];
    limit: number;
  }): Promise<JobLogLine[]>;
  /** Newest first, before that number; null: from the last line on. */
  listLinesBefore(page: {
    jobId: string;
    before: number | null;
    levels?: readonly JobLogLevel[];
    limit: number;
  }): Promise<JobLogLine[]>;
}
