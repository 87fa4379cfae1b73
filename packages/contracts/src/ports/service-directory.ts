/** One service that this installation stands on. */
export interface ServiceFacts {
  service: string;
  /** Host with port, or a folder; never a password. */
  where: string;
  /** As the service tells it; null: it tells none. */
  version: string | null;
  /** Round trip in milliseconds; null: it did not answer. */
  answerMs: number | null;
}

/** What runs behind this process. */
export interface ServiceDirectory {
  /** Asks each of them once, for at most a few seconds. Never throws for one that is away. */
  describeServices(): Promise<ServiceFacts[]>;
}
