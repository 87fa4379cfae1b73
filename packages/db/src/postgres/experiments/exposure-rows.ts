import type { AgreementSums, ExperimentStore } from '@embedding-studio/contracts';
import type { Connection } from '../connection.ts';

export async function recordExposure(
  connection: Connection,
  { experimentId, unit, arm, at }: Parameters<ExperimentStore['recordExposure']>[0],
): Promise<boolean> {
  const rows = await connection.query(
    `INSERT INTO exposures (experiment_id, unit, arm, at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (experiment_id, unit, arm) DO NOTHING RETURNING 1`,
    [experimentId, unit, arm, at],
  );
  return rows.length > 0;
}

export async function countExposures(
  connection: Connection,
  experimentId: string,
): ReturnType<ExperimentStore['countExposures']> {
  const rows = await connection.query<{ arm: string | null; units: number }>(
    `SELECT arm, count(*)::int AS units
       FROM (SELECT CASE WHEN count(*) = 1 THEN min(arm) END AS arm FROM exposures
              WHERE experiment_id = $1 GROUP BY unit) AS one
      GROUP BY arm ORDER BY arm`,
    [experimentId],
  );
  return {
    arms: rows.flatMap(({ arm, units }) => (arm === null ? [] : { arm, units })),
    multiple: rows.find(({ arm }) => arm === null)?.units ?? 0,
  };
}

export function listExposures(
  connection: Connection,
  { experimentId, after, limit }: Parameters<ExperimentStore['listExposures']>[0],
): ReturnType<ExperimentStore['listExposures']> {
  return connection.query(
    `SELECT unit, array_agg(arm ORDER BY at, arm) AS arms, min(at) AS at FROM exposures
      WHERE experiment_id = $1 AND unit > $2 GROUP BY unit ORDER BY unit LIMIT $3`,
    [experimentId, after ?? '', limit],
  );
}

const fields = ['searches', 'jaccard', 'rbo', 'sameTop', 'failed', 'skipped', 'tookMs'] as const;
const sumSql = fields
  .map((name) => `'${name}', (agreements.sums->>'${name}')::float8 + (excluded.sums->>'${name}')::float8`)
  .join(', ');

export async function addAgreement(connection: Connection, experimentId: string, sums: AgreementSums): Promise<void> {
  await connection.query(
    `INSERT INTO agreements (experiment_id, sums) VALUES ($1, $2::jsonb)
     ON CONFLICT (experiment_id) DO UPDATE SET sums = jsonb_build_object(${sumSql})`,
    [experimentId, JSON.stringify(sums)],
  );
}

export async function findAgreement(connection: Connection, experimentId: string): Promise<AgreementSums | null> {
  const [row] = await connection.query<{ sums: AgreementSums }>(
    'SELECT sums FROM agreements WHERE experiment_id = $1',
    [experimentId],
  );
  return row?.sums ?? null;
}
