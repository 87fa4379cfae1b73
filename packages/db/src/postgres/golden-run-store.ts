import type { GoldenRun, GoldenScore, JudgementStore } from '@embedding-studio/contracts';
import type { Connection } from './connection.ts';

type Report = Omit<GoldenRun, 'id' | 'at'>;

const scoresKept = 10;

/** The part of the golden set's store that grows by itself. */
export function createGoldenRuns(
  connection: Connection,
): Pick<JudgementStore, 'putGoldenRun' | 'listGoldenRuns' | 'listGoldenScores'> {
  return {
    async putGoldenRun({ id, at, ...report }, scores) {
      await connection.query(
        `INSERT INTO golden_runs (id, at, report, scores) VALUES ($1, $2, $3::jsonb, $4::jsonb)
         ON CONFLICT (id) DO NOTHING`,
        [id, at, JSON.stringify(report satisfies Report), JSON.stringify(scores)],
      );
      await connection.query(
        `UPDATE golden_runs SET scores = '[]' WHERE scores <> '[]' AND id NOT IN
           (SELECT id FROM golden_runs ORDER BY at DESC, id DESC LIMIT $1)`,
        [scoresKept],
      );
    },
    async listGoldenRuns({ limit }) {
      const rows = await connection.query<{ id: string; at: Date; report: Report }>(
        'SELECT id, at, report FROM golden_runs ORDER BY at DESC, id DESC LIMIT $1',
        [limit],
      );
      return rows.map(({ id, at, report }) => ({ id, at, ...report }));
    },
    async listGoldenScores(runId) {
      const [row] = await connection.query<{ scores: GoldenScore[] }>('SELECT scores FROM golden_runs WHERE id = $1', [
        runId,
      ]);
      return row?.scores ?? [];
    },
  };
}
