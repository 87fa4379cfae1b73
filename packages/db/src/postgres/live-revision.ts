import type { Connection } from './connection.ts';
import { isOutage } from './postgres-errors.ts';
import { shareRead } from './replicas/share-read.ts';

/** Changes with every switch and with every write to the row of the collection that is live. */
export const revisionSql = `(p.version || ':' || c.xmin::text)`;

const statement = {
  text: `SELECT ${revisionSql} AS revision FROM live_pointer p JOIN collections c ON c.id = p.collection_id`,
  values: [],
};

/** What the primary says is live; `away` where it does not answer. */
export type LiveWord = { revision: string | null } | 'away';

/** Asks the primary alone; searches of one moment share one look. */
export function createRevisionReader(connection: Connection): () => Promise<LiveWord> {
  const read = shareRead(async (): Promise<LiveWord> => {
    const { replicas } = connection;
    if (replicas?.isPrimaryAway) return 'away';
    const ask = () => connection.search<{ revision: string }>(statement, null);
    try {
      const [row] = await (replicas === null ? ask() : replicas.withinPrimary(ask));
      return { revision: row?.revision ?? null };
    } catch (error) {
      if (isOutage(error)) return 'away';
      throw error;
    }
  });
  return read;
}
