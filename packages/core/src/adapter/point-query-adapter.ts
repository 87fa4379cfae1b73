import { type Collection, type QueryAdapterRef, RankingProfile } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

export interface AdapterPointing {
  collectionId: string;
  tenant: string | null;
  modelId: string;
  /** Weights fitted with it; those of a tenant would change what others get, and are left out. */
  ranking: RankingProfile | null;
}

/** Makes an adapter move the queries of a collection: one write of its row, which the next search sees. Idempotent. */
export async function pointQueryAdapter(ctx: Ctx, pointing: AdapterPointing): Promise<Collection> {
  const { collectionId, tenant, modelId } = pointing;
  const collection = await ctx.deps.collections.getCollection(collectionId);
  const current = findRef(collection, tenant);
  if (current?.modelId === modelId) return collection;
  const ranking = tenant === null ? pointing.ranking : null;
  const next: QueryAdapterRef = {
    ...{ tenant, modelId, version: (current?.version ?? 0) + 1, setAt: ctx.deps.clock.now() },
    previous: { modelId: current?.modelId ?? null, ranking: ranking && collection.ranking },
  };
  return writeRef(ctx, { collection, next, ranking });
}

/** Puts back what moved queries before, weights included. Called again, it goes forward again. */
export async function swapQueryAdapter(
  ctx: Ctx,
  { collection, tenant }: { collection: Collection; tenant: string | null },
): Promise<Collection> {
  const current = findRef(collection, tenant);
  if (current === null) return collection;
  const { previous } = current;
  const ranking = previous.ranking && RankingProfile.parse(previous.ranking);
  const next: QueryAdapterRef = {
    ...{ tenant, modelId: previous.modelId, version: current.version + 1, setAt: ctx.deps.clock.now() },
    previous: { modelId: current.modelId, ranking: ranking && collection.ranking },
  };
  return writeRef(ctx, { collection, next, ranking });
}

export function findRef({ queryAdapters }: Collection, tenant: string | null): QueryAdapterRef | null {
  return queryAdapters.find((one) => one.tenant === tenant) ?? null;
}

function writeRef(
  ctx: Ctx,
  written: { collection: Collection; next: QueryAdapterRef; ranking: RankingProfile | null },
): Promise<Collection> {
  const { collection, next, ranking } = written;
  const others = collection.queryAdapters.filter(({ tenant }) => tenant !== next.tenant);
  const change = { queryAdapters: [...others, next], ...(ranking && { ranking }) };
  return ctx.deps.collections.updateCollection(collection.id, change);
}
