import { MongoBulkWriteError, MongoClient } from 'mongodb';
import pg from 'pg';
import type { GivenEvent } from './make-events.ts';

export interface BareInsert {
  insert(events: readonly GivenEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** One statement per batch into a table keyed like the events, duplicates ignored. */
export async function openUnnest(url: string, connections: number): Promise<BareInsert> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query(`CREATE TABLE bench_events (session_id text NOT NULL, event_id text NOT NULL, item_id text NOT NULL,
    type text NOT NULL, place integer, dwell real, created_at timestamptz NOT NULL, received_at timestamptz NOT NULL,
    meta jsonb, PRIMARY KEY (session_id, event_id))`);
  await pool.query('CREATE INDEX ON bench_events (received_at)');
  const text = `INSERT INTO bench_events SELECT s, e, i, t, p, d, c, now(), m
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::real[], $7::timestamptz[], $8::jsonb[])
      AS given (s, e, i, t, p, d, c, m) ON CONFLICT DO NOTHING`;
  return {
    async insert(events) {
      const column = <T>(read: (event: GivenEvent) => T) => events.map(read);
      const ids = [column((e) => e.sessionId), column((e) => e.eventId), column((e) => e.itemId)];
      const more = [column((e) => e.type), column((e) => e.position), column((e) => e.dwellSeconds)];
      const rest = [column((e) => e.createdAt), column((e) => JSON.stringify(e.meta))];
      await pool.query({ name: 'bench', text, values: [...ids, ...more, ...rest] });
    },
    close: () => pool.end(),
  };
}

/** The same documents with the same key and indexes straight to the document server, duplicates ignored. */
export async function openInsertMany(url: string): Promise<BareInsert> {
  const client = new MongoClient(url, { ignoreUndefined: true, writeConcern: { w: 'majority', journal: true } });
  await client.connect();
  const collection = client.db('bench_bare').collection<{ _id: string }>('events');
  await collection.createIndex({ sessionId: 1, createdAt: 1 });
  await collection.createIndex({ receivedAt: 1, _id: 1 });
  return {
    async insert(events) {
      const receivedAt = new Date();
      const documents = events.map(({ meta, ...event }) => ({
        ...event,
        _id: JSON.stringify([event.sessionId, event.eventId]),
        receivedAt,
        metaJson: JSON.stringify(meta),
      }));
      try {
        await collection.insertMany(documents, { ordered: false });
      } catch (error) {
        if (!(error instanceof MongoBulkWriteError)) throw error;
      }
    },
    close: () => client.close(),
  };
}
