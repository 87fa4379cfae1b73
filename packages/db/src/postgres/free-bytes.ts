import { statfs } from 'node:fs/promises';
import type { Connection } from './connection.ts';

/** The folder of a server on this very machine can be looked at; that of another machine cannot. */
export async function findFreeBytes(connection: Connection): Promise<number | null> {
  try {
    const [row] = await connection.query<{ folder: string; address: string | null }>(
      `SELECT current_setting('data_directory') AS folder, host(inet_server_addr()) AS address`,
      [],
    );
    const isLocal = row !== undefined && [null, '127.0.0.1', '::1'].includes(row.address);
    if (!isLocal) return null;
    const { bavail, bsize } = await statfs(row.folder);
    return bavail * bsize;
  } catch {
    // Without the right to see the setting, or to see the folder, nobody knows.
    return null;
  }
}
