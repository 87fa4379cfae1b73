import type { Collection } from '@embedding-studio/contracts';
import { applyAdapter, applyAdapterToMany } from '@embedding-studio/ml/adapters';
import type { Ctx } from '../context.ts';
import { recallAdapter } from './adapter-artefact.ts';

type Adapted = Pick<Collection, 'queryAdapters'>;

/** The model whose adapter moves this tenant's queries: its own, else that of all; null: they stay as they are. */
export function findAdapterModel({ queryAdapters }: Adapted, tenant: string | null): string | null {
  const own = tenant === null ? undefined : queryAdapters.find((one) => one.tenant === tenant);
  return (own ?? queryAdapters.find((one) => one.tenant === null))?.modelId ?? null;
}

/** A query's vector as the collection is searched with it. The row of the collection is what a search has read anyway. */
export async function adaptQuery(
  ctx: Ctx,
  { collection, tenant, vector }: { collection: Adapted; tenant?: string; vector: Float32Array },
): Promise<{ vector: Float32Array; modelId: string | null }> {
  const modelId = findAdapterModel(collection, tenant ?? null);
  if (modelId === null) return { vector, modelId };
  return { vector: applyAdapter(await recallAdapter(ctx, modelId), vector), modelId };
}

/** The same for many: evaluation and fits ask as users do. */
export async function adaptQueries(
  ctx: Ctx,
  { collection, tenant, vectors }: { collection: Adapted; tenant?: string | null; vectors: readonly Float32Array[] },
): Promise<Float32Array[]> {
  const modelId = findAdapterModel(collection, tenant ?? null);
  return modelId === null ? [...vectors] : applyAdapterToMany(await recallAdapter(ctx, modelId), vectors);
}
