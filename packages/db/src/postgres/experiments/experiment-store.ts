import { type Experiment, type ExperimentStore, StudioError } from '@embedding-studio/contracts';
import type { PoolClient } from 'pg';
import type { Connection } from '../connection.ts';
import { type ExperimentRow, toExperiment } from './experiment-rows.ts';
import { addAgreement, countExposures, findAgreement, listExposures, recordExposure } from './exposure-rows.ts';
import { findNewestReadout, findReadout, listReadouts, putReadout } from './readout-rows.ts';

/** Any number: one process at a time changes experiments, so that none takes buckets that another just took. */
const experimentLock = 7_310_017;

export function createExperimentStore(connection: Connection): ExperimentStore {
  return {
    async createExperiment(experiment) {
      await connection.query(
        `INSERT INTO experiments (id, state, layer, revision, created_at, started_at, document)
         VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)`,
        columnsOf(experiment),
      );
    },
    async getExperiment(id) {
      const rows = await connection.query<ExperimentRow>('SELECT revision, document FROM experiments WHERE id = $1', [
        id,
      ]);
      return toExperiment(only(rows, id));
    },
    async listExperiments({ after, limit, states }) {
      const rows = await connection.query<ExperimentRow>(
        `SELECT revision, document FROM experiments
          WHERE ($1::text IS NULL OR (created_at, id) < (SELECT b.created_at, b.id FROM experiments b WHERE b.id = $1))
            AND ($3::text[] IS NULL OR state = ANY($3))
          ORDER BY created_at DESC, id DESC LIMIT $2`,
        [after, limit, states ?? null],
      );
      return rows.map(toExperiment);
    },
    async listRunning() {
      const rows = await connection.query<ExperimentRow>(
        `SELECT revision, document FROM experiments WHERE state = 'running' ORDER BY started_at, id`,
      );
      return rows.map(toExperiment);
    },
    replaceExperiment: (next, expected) =>
      connection.transaction((client) => replaceExperiment(client, { next, expected })),
    recordExposure: (exposure) => recordExposure(connection, exposure),
    countExposures: (experimentId) => countExposures(connection, experimentId),
    listExposures: (page) => listExposures(connection, page),
    addAgreement: (experimentId, sums) => addAgreement(connection, experimentId, sums),
    findAgreement: (experimentId) => findAgreement(connection, experimentId),
    putReadout: (readout) => putReadout(connection, readout),
    findNewestReadout: (experimentId) => findNewestReadout(connection, experimentId),
    findReadout: (experimentId, readoutId) => findReadout(connection, { experimentId, readoutId }),
    listReadouts: (page) => listReadouts(connection, page),
  };
}

async function replaceExperiment(
  client: PoolClient,
  { next, expected }: { next: Experiment; expected: number },
): Promise<Experiment> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [experimentLock]);
  if (next.state === 'running') await requireFree(client, next);
  const written = { ...next, revision: expected + 1 };
  const { rows } = await client.query<ExperimentRow>(
    `UPDATE experiments SET state = $2, layer = $3, revision = $4, created_at = $5, started_at = $6, document = $7::jsonb
      WHERE id = $1 AND revision = $8 RETURNING revision, document`,
    [...columnsOf(written), expected],
  );
  const [row] = rows;
  if (row !== undefined) return toExperiment(row);
  const { rows: found } = await client.query<ExperimentRow>(
    'SELECT revision, document FROM experiments WHERE id = $1',
    [next.id],
  );
  only(found, next.id);
  throw new StudioError('TASK_CONFLICT', `Experiment ${next.id} was changed meanwhile.`, {
    publicMessage: 'Somebody else has changed this experiment; read it again and decide anew.',
  });
}

async function requireFree(client: PoolClient, { id, definition, buckets }: Experiment): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT document->'definition'->>'name' AS name FROM experiments
      WHERE state = 'running' AND layer = $1 AND id <> $2
        AND (document->'buckets'->>'from')::int < $4 AND (document->'buckets'->>'to')::int > $3 LIMIT 1`,
    [definition.layer, id, buckets?.from ?? 0, buckets?.to ?? 0],
  );
  if (rows[0] === undefined) return;
  throw new StudioError('TASK_CONFLICT', `Layer ${definition.layer}: ${rows[0].name} holds some of these buckets.`, {
    publicMessage: `"${rows[0].name}" runs on the same part of layer ${definition.layer}; end it, or keep less of the layer for each.`,
    field: 'layerShare',
  });
}

function columnsOf(experiment: Experiment): unknown[] {
  const { id, state, definition, revision, createdAt, startedAt } = experiment;
  return [id, state, definition.layer, revision, createdAt, startedAt, JSON.stringify(experiment)];
}

function only(rows: ExperimentRow[], id: string): ExperimentRow {
  const [row] = rows;
  if (row !== undefined) return row;
  throw new StudioError('EXPERIMENT_NOT_FOUND', `There is no experiment ${JSON.stringify(id).slice(0, 80)}.`, {
    field: 'experimentId',
  });
}
