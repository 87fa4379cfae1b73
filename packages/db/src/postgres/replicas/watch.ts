import type pg from 'pg';
import { createPool } from '../open-pool.ts';
import { isTimeout } from '../postgres-errors.ts';

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

/** Two looks in a row that take longer find a server that is away. */
const lookTimeoutMs = 1_000;

const gone = () => new TypeError('Connection terminated: the server does not answer');

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

  /** A process that was busy itself may find an answer late: only the second one in a row counts. */
  private async lookOnce(): Promise<void> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const seen = await this.ask();
      if (typeof seen === 'object') {
        this.isAway = false;
        this.settings.onLook(seen.row);
        return;
      }
      if (seen === 'gone') break;
    }
    this.leave();
  }

  private async ask(): Promise<{ row: Row | null } | 'late' | 'gone'> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), lookTimeoutMs);
    });
    const asked = this.pool.query<Row>(this.settings.statement).then(({ rows }) => ({ row: rows[0] ?? null }));
    try {
      return await Promise.race([asked, late]);
    } catch (error) {
      return isTimeout(error) ? 'late' : 'gone';
    } finally {
      clearTimeout(timer);
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
    for (const reject of this.waiting) reject(gone());
    this.waiting.clear();
    if (this.looking === null) this.schedule();
  }

  /** What runs, or its failure as soon as the server is known to be away; at once where it is. */
  within<T>(run: () => Promise<T>): Promise<T> {
    if (this.isAway) return Promise.reject(gone());
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
