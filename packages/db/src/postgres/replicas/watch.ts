import type pg from 'pg';
import { createPool } from '../open-pool.ts';

export interface WatchSettings<Row> {
  url: string;
  /** One row about the server. */
  statement: string;
  everyMs: number;
  /** How long a server that did not answer is left alone before it is asked again. */
  restMs: number;
  /** Told after every look; null: it did not answer. */
  onLook(row: Row | null): void;
}

/** A look that takes longer finds a server that is away. */
const lookTimeoutMs = 2_000;

/** Looks at a server again and again over a connection of its own, and cuts off what waits for it once it is away. */
export class Watch<Row extends pg.QueryResultRow> {
  isAway = false;
  private readonly pool: pg.Pool;
  private readonly waiting = new Set<(error: Error) => void>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;
  private isClosed = false;

  constructor(private readonly settings: WatchSettings<Row>) {
    const { url } = settings;
    this.pool = createPool({ url, poolMax: 1, statementTimeoutMs: lookTimeoutMs, connectTimeoutMs: lookTimeoutMs });
  }

  /** Looks now, and from then on every so often. */
  look(): Promise<void> {
    this.looking ??= this.lookOnce().finally(() => {
      this.looking = null;
      this.schedule();
    });
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      late = setTimeout(() => reject(new TypeError('late')), lookTimeoutMs);
    });
    try {
      const { rows } = await Promise.race([this.pool.query<Row>(this.settings.statement), limit]);
      this.isAway = false;
      this.settings.onLook(rows[0] ?? null);
    } catch {
      this.leave();
    } finally {
      clearTimeout(late);
    }
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.isClosed) return;
    const { everyMs, restMs } = this.settings;
    this.timer = setTimeout(() => void this.look(), this.isAway ? restMs : everyMs).unref();
  }

  /** Takes it for gone until a look says otherwise. */
  leave(): void {
    this.isAway = true;
    this.settings.onLook(null);
    const gone = new TypeError('Connection terminated: the server does not answer');
    for (const reject of this.waiting) reject(gone);
    this.waiting.clear();
    if (this.looking === null) this.schedule();
  }

  /** What runs, or its failure as soon as the server is known to be away. */
  within<T>(run: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.add(reject);
      run()
        .then(resolve, reject)
        .finally(() => this.waiting.delete(reject));
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.pool.end();
  }
}
