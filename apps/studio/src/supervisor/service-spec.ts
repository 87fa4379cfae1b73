/** A program to keep running. */
export interface ServiceSpec {
  name: string;
  command: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** User to run as; only root may name one. */
  user: { uid: number; gid: number } | null;
  /** The signal on which it ends cleanly: PostgreSQL takes SIGINT, everything else SIGTERM. */
  stopSignal: 'SIGTERM' | 'SIGINT';
  /** True when it answers. Called again and again with the output so far of this start; must not throw or hang. */
  isReady: (output: string) => Promise<boolean>;
  readyTimeoutMs: number;
}
