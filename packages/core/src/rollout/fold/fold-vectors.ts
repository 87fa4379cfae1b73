import type { ItemDeltaRow, ItemRecord, Rollout, SessionWithEvents, VectorRow } from '@embedding-studio/contracts';
import { addScaled, toUnit } from '@embedding-studio/ml/improvement';
import type { Ctx } from '../../context.ts';
import { makeDeltas } from '../../improvement/refresh-overlay.ts';
import { encodeVectorChunk, loadVectorCache } from '../vector-cache.ts';

/** Where a fold keeps what it would write, from the gate until the second collection is filled. */
const folderOf = (rollout: Rollout): string => `folds/${rollout.id}/`;

/** Moved vectors of every item that the training sessions speak of; stored, so that what was judged is what is served. */
export async function storeFold(
  ctx: Ctx,
  fold: { rollout: Rollout; collectionId: string; sessions: readonly SessionWithEvents[] },
): Promise<VectorRow[]> {
  const { rollout, collectionId, sessions } = fold;
  await dropFold(ctx, rollout);
  const speaking = new Set(sessions.map(({ sessionId }) => sessionId));
  const itemIds = [...new Set(sessions.flatMap(({ shown }) => shown.map(({ itemId }) => itemId)))].sort();
  const folded: VectorRow[] = [];
  let chunk = 0;
  for await (const { rows, vectors } of makeDeltas(ctx, {
    ...{ collectionId, itemIds, speaks: (sessionId) => speaking.has(sessionId) },
  })) {
    const moved = moveVectors(rows, vectors);
    if (moved.length === 0) continue;
    await ctx.deps.objects.putObject(`${folderOf(rollout)}vectors/${chunk++}.f32`, encodeVectorChunk(moved));
    folded.push(...moved);
  }
  return folded;
}

export async function dropFold(ctx: Ctx, rollout: Rollout): Promise<void> {
  await ctx.deps.objects.deleteObjects(folderOf(rollout));
}

function moveVectors(rows: readonly ItemDeltaRow[], vectors: readonly VectorRow[]): VectorRow[] {
  const deltaOf = new Map(rows.map(({ itemId, delta }) => [itemId, delta]));
  return vectors.flatMap((row) => {
    const delta = deltaOf.get(row.itemId) ?? null;
    const vector = delta === null ? null : toUnit(addScaled(delta.shift, row.vector, delta.keep));
    return vector === null ? [] : [{ ...row, vector }];
  });
}

/** Vectors of the second collection: folded where the item was judged so, as in the source elsewhere. */
export async function openFold(
  ctx: Ctx,
  fold: { rollout: Rollout; sourceId: string },
): Promise<(items: readonly ItemRecord[]) => Promise<VectorRow[]>> {
  const findFolded = await loadVectorCache(ctx, folderOf(fold.rollout));
  return async (items) => {
    const folded = new Map(items.map((item) => [item.id, findFolded(item)]));
    const others = items.filter(({ id }) => folded.get(id) === null);
    const hashOf = new Map(others.map(({ id, contentHash }) => [id, contentHash]));
    const stored = others.length === 0 ? [] : await ctx.deps.collections.getVectors(fold.sourceId, [...hashOf.keys()]);
    const fresh = stored.filter(({ itemId, contentHash }) => hashOf.get(itemId) === contentHash);
    return [...[...folded.values()].flatMap((rows) => rows ?? []), ...fresh];
  };
}
