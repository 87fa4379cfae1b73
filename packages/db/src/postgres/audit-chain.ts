import type { AuditChain } from '@embedding-studio/contracts';
import type pg from 'pg';

const rowsPerPage = 10_000;

interface Page {
  rows: string;
  unlinked: string;
  broken_at: string | null;
  last_id: string | null;
  last_hash: string | null;
  head_found: boolean;
}

/** The first row that has a hash has none to follow from; of those after it each follows from the one before. */
const pageStatement = `
  WITH page AS (
    SELECT entry, (entry).id, (entry).hash, lag((entry).hash, 1, $2::text) OVER (ORDER BY (entry).id) AS previous
    FROM (SELECT log AS entry FROM audit_log AS log WHERE id > $1 ORDER BY id LIMIT ${rowsPerPage}) AS rows
  )
  SELECT count(*) AS rows,
         count(*) FILTER (WHERE hash IS NULL) AS unlinked,
         min(id) FILTER (WHERE hash IS DISTINCT FROM audit_hash(previous, entry)
                           AND (hash IS NOT NULL OR previous IS NOT NULL)) AS broken_at,
         max(id) AS last_id,
         (SELECT hash FROM page ORDER BY id DESC LIMIT 1) AS last_hash,
         coalesce(bool_or(hash = $3::text), false) AS head_found
  FROM page`;

/** Follows the links of the audit log. Rows that were written before there were links come first, and have none. */
export async function verifyAuditChain(pool: pg.Pool, head: string | null): Promise<AuditChain> {
  const chain: AuditChain = {
    rows: 0,
    unlinked: 0,
    brokenAt: null,
    head: null,
    headFound: head === null ? null : false,
  };
  for (let after = 0; ; ) {
    const { rows } = await pool.query<Page>(pageStatement, [after, chain.head?.hash ?? null, head]);
    const page = rows[0];
    if (page === undefined || page.last_id === null) return chain;
    after = Number(page.last_id);
    chain.rows += Number(page.rows);
    chain.headFound ||= page.head_found ? true : chain.headFound;
    chain.unlinked += Number(page.unlinked);
    chain.brokenAt ??= page.broken_at === null ? null : Number(page.broken_at);
    chain.head = page.last_hash === null ? chain.head : { id: after, hash: page.last_hash };
  }
}
