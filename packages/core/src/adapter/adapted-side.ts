import {
  type AdapterSide,
  type ItemRecord,
  type LinearAdapter,
  type ModelRecord,
  StudioError,
  type VectorRow,
} from '@embedding-studio/contracts';
import { applyAdapterToMany } from '@embedding-studio/ml/adapters';
import type { Ctx } from '../context.ts';
import type { RankedSide } from '../rollout/gate/compare-sides.ts';
import { packVectors } from '../rollout/gate/vector-side.ts';
import { loadAdapter } from './adapter-artefact.ts';

/** True where the model's vectors are those of the other, moved: nothing has to be embedded to have them. */
export function isAdapterOf({ manifest }: ModelRecord, modelId: string): boolean {
  return manifest.adapter?.of === modelId;
}

/** The candidate's side of a comparison, by multiplication of what the live side has. */
export async function adaptSide(
  adapter: LinearAdapter,
  from: { side: AdapterSide; rows: readonly VectorRow[]; rawQueries: readonly Float32Array[] },
): Promise<RankedSide> {
  const moved = from.side === 'both' ? await moveRows(adapter, from.rows) : from.rows;
  return { vectors: packVectors(moved), queries: await applyAdapterToMany(adapter, from.rawQueries) };
}

/** Vectors of a new collection from those of the source; items whose stored vector is of an older text are left out. */
export async function openAdapted(
  ctx: Ctx,
  { model, sourceId }: { model: ModelRecord; sourceId: string },
): Promise<(items: readonly ItemRecord[]) => Promise<VectorRow[]>> {
  const adapter = await loadAdapter(ctx, model.id);
  return async (items) => {
    const hashOf = new Map(items.map(({ id, contentHash }) => [id, contentHash]));
    const stored = await ctx.deps.collections.getVectors(sourceId, [...hashOf.keys()]);
    return moveRows(
      adapter,
      stored.filter(({ itemId, contentHash }) => hashOf.get(itemId) === contentHash),
    );
  };
}

async function moveRows(adapter: LinearAdapter, rows: readonly VectorRow[]): Promise<VectorRow[]> {
  const moved = await applyAdapterToMany(
    adapter,
    rows.map(({ vector }) => vector),
  );
  return rows.map((row, at) => ({ ...row, vector: moved[at] ?? row.vector }));
}

export function sourceMoved(modelId: string): StudioError {
  return new StudioError('LIVE_POINTER_MOVED', `The query adapter ${modelId} was trained for another collection.`, {
    publicMessage: 'Another collection serves than the one this adapter was trained for: train it again.',
  });
}
