import type { ExperimentStore, Readout } from '@embedding-studio/contracts';
import type { Connection } from '../connection.ts';
import { type ReadoutRow, toReadout } from './experiment-rows.ts';

export async function putReadout(connection: Connection, readout: Readout): Promise<boolean> {
  const { id, experimentId, inputHash, createdAt } = readout;
  const rows = await connection.query(
    `INSERT INTO readouts (id, experiment_id, input_hash, created_at, document) VALUES ($1, $2, $3, $4, $5::jsonb)
     ON CONFLICT DO NOTHING RETURNING 1`,
    [id, experimentId, inputHash, createdAt, JSON.stringify(readout)],
  );
  return rows.length > 0;
}

export async function findNewestReadout(connection: Connection, experimentId: string): Promise<Readout | null> {
  const [readout] = await listReadouts(connection, { experimentId, after: null, limit: 1 });
  return readout ?? null;
}

export async function findReadout(
  connection: Connection,
  { experimentId, readoutId }: { experimentId: string; readoutId: string },
): Promise<Readout | null> {
  const [row] = await connection.query<ReadoutRow>(
    'SELECT document FROM readouts WHERE experiment_id = $1 AND id = $2',
    [experimentId, readoutId],
  );
  return row === undefined ? null : toReadout(row);
}

export async function listReadouts(
  connection: Connection,
  { experimentId, after, limit }: Parameters<ExperimentStore['listReadouts']>[0],
): Promise<Readout[]> {
  const rows = await connection.query<ReadoutRow>(
    `SELECT document FROM readouts
      WHERE experiment_id = $1
        AND ($2::text IS NULL OR (created_at, id) < (SELECT b.created_at, b.id FROM readouts b WHERE b.id = $2))
      ORDER BY created_at DESC, id DESC LIMIT $3`,
    [experimentId, after, limit],
  );
  return rows.map(toReadout);
}
