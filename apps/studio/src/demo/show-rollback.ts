import { StudioError } from '@embedding-studio/contracts';
import type { StudioClient } from '@embedding-studio/sdk';

export interface RollbackShown {
  backMs: number;
  forwardMs: number;
}

/** Rolls back and forward again, and proves by a search on each side which collection answered. */
export async function showRollback(client: StudioClient, query: string): Promise<RollbackShown> {
  const { collectionId: newest } = await client.search.searchItems.query({ query, limit: 1 });
  const backMs = await switchOnce(client, { query, isMoved: (collectionId) => collectionId !== newest });
  const forwardMs = await switchOnce(client, { query, isMoved: (collectionId) => collectionId === newest });
  return { backMs, forwardMs };
}

/** Milliseconds from the request until a search is answered by the other collection. */
async function switchOnce(
  client: StudioClient,
  { query, isMoved }: { query: string; isMoved: (collectionId: string) => boolean },
): Promise<number> {
  const started = performance.now();
  await client.rollout.rollBack.mutate({});
  const { collectionId } = await client.search.searchItems.query({ query, limit: 1 });
  if (isMoved(collectionId)) return performance.now() - started;
  throw new StudioError('VERIFICATION_FAILED', `The switch was answered, but ${collectionId} still serves.`);
}
