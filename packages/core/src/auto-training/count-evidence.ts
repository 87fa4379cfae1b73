import type { SessionBatch } from '@embedding-studio/contracts';
import { cleanSessions, normaliseQuery } from '@embedding-studio/ml/clicks';
import type { Ctx } from '../context.ts';
import { loadBatchSessions } from '../session/load-batch-sessions.ts';
import type { NewEvidence } from './judge-evidence.ts';

/** Sessions of a batch that training could use, by the same rules as training. */
export async function countEvidence(ctx: Ctx, batch: SessionBatch): Promise<NewEvidence> {
  const { usable } = cleanSessions(await loadBatchSessions(ctx, batch.batchId));
  return { usable: usable.length, queries: new Set(usable.map(({ query }) => normaliseQuery(query))).size };
}
