import type { Connection } from '../connection.ts';
import { isOutage } from '../postgres-errors.ts';
import type { ReadServer } from './read-server.ts';

/** For what may be as old as a standby may be behind: a standby answers, and the primary where none can. */
export async function readNear<T>(connection: Connection, use: (server: ReadServer) => Promise<T>): Promise<T> {
  const found = await askStandby(connection, use);
  return found === null ? use(connection) : found.answer;
}

/** For what should be as new as it can be had: the primary answers, and a standby only while the primary is away. */
export async function readNew<T>(connection: Connection, use: (server: ReadServer) => Promise<T>): Promise<T> {
  const { replicas } = connection;
  if (!replicas) return use(connection);
  if (!replicas.isPrimaryAway) {
    try {
      return await replicas.withinPrimary(() => use(connection));
    } catch (error) {
      if (!isOutage(error)) throw error;
    }
  }
  const found = await askStandby(connection, use);
  return found === null ? use(connection) : found.answer;
}

/** null where no standby could answer. */
export async function askStandby<T>(
  connection: Connection,
  use: (server: ReadServer) => Promise<T>,
): Promise<{ answer: T } | null> {
  const { replicas } = connection;
  if (!replicas) return null;
  const found = await connection.measureRead(() => replicas.ask(use));
  connection.noteRead(found === null ? 'primary' : 'standby');
  return found;
}
