import { setTimeout } from 'node:timers/promises';
import { isServerGone } from '../postgres-errors.ts';
import { PrimaryLog } from './primary-log.ts';
import type { ReadServer } from './read-server.ts';
import { Replica, type ReplicaFacts } from './replica.ts';
import { Watch } from './watch.ts';

export interface ReplicaSettings {
  /** Streaming standbys of the primary. */
  urls: readonly string[];
  /** A standby that is further behind is not read. */
  lagMsMax: number;
  /** Longest that a read may take at a standby before another server is asked. */
  timeoutMs: number;
  /** Between two looks at a server; default a second. */
  lookEveryMs?: number;
  /** How long a standby that does not answer is left alone; default 5 seconds. */
  restMs?: number;
  /** Told whenever a standby changes its state. */
  onChange?(facts: ReplicaFacts): void;
}

interface PrimaryLook extends Record<string, unknown> {
  position: number;
  cluster: string;
}

const closeTimeoutMs = 3_000;
const defaults = { lookEveryMs: 1_000, restMs: 5_000 };
const statement = `SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::float8 AS position,
  (SELECT system_identifier::text FROM pg_control_system()) AS cluster`;

/** The standbys, and what is known of them and of the primary. */
export class ReplicaSet {
  private readonly log = new PrimaryLog();
  private readonly primary: Watch<PrimaryLook>;
  private readonly replicas: Replica[];
  private cluster: string | null = null;
  private asked = 0;

  constructor({ url, poolMax }: { url: string; poolMax: number }, settings: ReplicaSettings) {
    const { lookEveryMs: everyMs = defaults.lookEveryMs, restMs = defaults.restMs } = settings;
    const onLook = (row: PrimaryLook | null) => this.notePrimary(row);
    // The primary is asked for as often as ever while it is away: nobody else takes its writes.
    this.primary = new Watch<PrimaryLook>({ url, statement, everyMs, restMs: everyMs, onLook });
    const { timeoutMs, lagMsMax, onChange = () => undefined } = settings;
    const primary = { log: this.log, cluster: () => this.cluster };
    this.replicas = settings.urls.map(
      (one, at) =>
        new Replica({
          ...{ url: one, place: at + 1, poolMax, timeoutMs, lagMsMax, everyMs, restMs, primary, onChange },
        }),
    );
  }

  private notePrimary(row: PrimaryLook | null): void {
    if (row === null) return;
    this.cluster = row.cluster;
    this.log.note(row.position, performance.now());
  }

  /** Looks at all of them once; a server that is away is no failure. From then on they are watched. */
  async start(): Promise<void> {
    await this.primary.look();
    await Promise.all(this.replicas.map(({ watch }) => watch.look()));
  }

  get isPrimaryAway(): boolean {
    return this.primary.isAway;
  }

  /** What runs at the primary, or its failure as soon as the primary is known to be away. */
  withinPrimary<T>(run: () => Promise<T>): Promise<T> {
    return this.primary.within(run);
  }

  describe(): ReplicaFacts[] {
    return this.replicas.map((replica) => replica.describe());
  }

  /** The answer of a standby; null where none is fit to be asked or none could answer. */
  async ask<T>(use: (server: ReadServer) => Promise<T>): Promise<{ answer: T } | null> {
    const tried = new Set<Replica>();
    for (let replica = this.choose(tried); replica !== null; replica = this.choose(tried)) {
      tried.add(replica);
      try {
        return { answer: await replica.run(use) };
      } catch (error) {
        // A conflict with replay, a table that is not there yet, a read that took too long: the primary knows better.
        if (!isServerGone(error)) return null;
        replica.watch.leave();
      }
    }
    return null;
  }

  /** The least busy; among equals the one that was asked longest ago. While the primary is away, one that is behind will do. */
  private choose(tried: ReadonlySet<Replica>): Replica | null {
    const isFit = ({ state }: Replica) => state === 'ready' || (state === 'behind' && this.primary.isAway);
    const fit = this.replicas.filter((replica) => isFit(replica) && !tried.has(replica));
    const [first] = fit.sort(
      (a, b) =>
        Number(a.state !== 'ready') - Number(b.state !== 'ready') || a.inUse - b.inUse || a.lastAskedAt - b.lastAskedAt,
    );
    if (first === undefined) return null;
    this.asked += 1;
    first.lastAskedAt = this.asked;
    return first;
  }

  async close(): Promise<void> {
    const closing = [this.primary.close(), ...this.replicas.map((replica) => replica.close())];
    // A server that hangs does not say goodbye.
    await Promise.race([Promise.allSettled(closing), setTimeout(closeTimeoutMs, undefined, { ref: false })]);
  }
}
