import type pg from 'pg';

const wordLock = 7_214_004;

/** Words are added with phrases and removed when no phrase has them: never both at once. Held until the transaction ends. */
export async function lockWords(client: pg.PoolClient): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [wordLock]);
}
