import { connect, Socket } from 'node:net';
import { isStudioError, StudioError } from '@embedding-studio/contracts';
import pg from 'pg';

export interface SourceAddress {
  host: string;
  port: number;
  database: string;
  user: string;
  password?: string;
  tls: 'off' | 'require' | 'verify';
}

/** Checks a host and answers with the address to connect to. @throws StudioError */
export type ResolveHost = (host: string) => Promise<{ address: string }>;

const connectMs = 10_000;
const statementMs = 60_000;
/** Wrong password, unknown role or database, no permission to connect. */
const accessCodes = /^(28|3D|42501)/;

/** Only opens a connection, to tell a closed port from a wrong password. */
export function knock(at: { address: string; port: number }, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: at.address, port: at.port });
    const end = (act: () => void) => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      act();
    };
    const stop = () => end(() => reject(signal.reason));
    signal.addEventListener('abort', stop);
    socket.setTimeout(connectMs, () => end(() => reject(unreachable('it does not answer'))));
    socket.once('connect', () => end(resolve));
    socket.once('error', (error) => end(() => reject(unreachable(error.message, error))));
  });
}

/** A connection to somebody's database that only reads, with a limit on every statement; it ends with `signal`. */
export class SourceSession {
  private constructor(
    private readonly client: pg.Client,
    private readonly signal: AbortSignal,
  ) {}

  static async open(at: SourceAddress, resolveHost: ResolveHost, signal: AbortSignal): Promise<SourceSession> {
    const { address } = await resolveHost(at.host);
    const socket = new Socket();
    const cut = () => socket.destroy();
    signal.addEventListener('abort', cut, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', cut));
    const client = new pg.Client({
      ...{ host: address, port: at.port, database: at.database, user: at.user, password: at.password ?? '' },
      application_name: 'embedding-studio source',
      connectionTimeoutMillis: connectMs,
      query_timeout: statementMs + connectMs,
      ssl: at.tls === 'off' ? false : { servername: at.host, rejectUnauthorized: at.tls === 'verify' },
      stream: () => socket,
    });
    client.on('error', () => undefined);
    const session = new SourceSession(client, signal);
    await session.guard(() => client.connect());
    return session;
  }

  /** One statement in a transaction of its own that cannot write. */
  async read<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    return this.guard(async () => {
      // Set anew each time: between two transactions a connection pooler may hand over another connection.
      await this.client.query(
        `BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = ${statementMs}; SET LOCAL TimeZone = 'UTC';
         SET LOCAL DateStyle = 'ISO'; SET LOCAL extra_float_digits = 1`,
      );
      try {
        // The extended protocol takes one statement: none can follow that ends the transaction.
        const statement = { text, values, queryMode: 'extended' };
        return (await this.client.query<Row>(statement)).rows;
      } finally {
        await this.client.query('ROLLBACK').catch(() => undefined);
      }
    });
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  private async guard<T>(act: () => Promise<T>): Promise<T> {
    try {
      this.signal.throwIfAborted();
      return await act();
    } catch (error) {
      if (this.signal.aborted) throw this.signal.reason;
      throw toSourceError(error);
    }
  }
}

function toSourceError(error: unknown): StudioError {
  if (isStudioError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
  if (accessCodes.test(code)) return invalid('user', message, error);
  if (code === '57014') return invalid('query', `it took longer than ${statementMs / 1_000} seconds`, error);
  // Faults of the statement itself; everything else may work later.
  if (/^(42|22|25|0A)/.test(code)) return invalid('query', message, error);
  return unreachable(message, error);
}

export function invalid(field: string, message: string, cause?: unknown): StudioError {
  return new StudioError('INPUT_INVALID', `${field}: ${message}`, { field, cause });
}

function unreachable(message: string, cause?: unknown): StudioError {
  return new StudioError('SOURCE_UNREACHABLE', `The database cannot be reached: ${message}`, { cause });
}
