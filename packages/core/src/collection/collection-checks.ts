import { actorName, type Collection, type CollectionCheckRecord, newId } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { CheckCollectionInput, checkCollection } from './check-collection.ts';
import { requireNotRetired } from './create-collection.ts';

export const RecordCheckInput = CheckCollectionInput;
export type RecordCheckInput = z.input<typeof RecordCheckInput>;

/** As checkCollection, and kept, so that the index can be watched over time. */
export async function recordCheck({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: RecordCheckInput;
}): Promise<CollectionCheckRecord> {
  const { collectionId, queries } = parseInput(RecordCheckInput, input);
  authorise(ctx, 'collection.write', collectionId);
  const check = await checkCollection({ ctx, input: { collectionId, queries } });
  const record = { id: newId('check'), collectionId, actor: actorName(ctx.actor), check };
  const stored = await ctx.deps.collectionChecks.putCheck(record);
  const detail = { recall10: check.recall10, queries: check.queries };
  await recordAudit(ctx, { action: 'collection.check', subject: collectionId, detail });
  return stored;
}

export const ListChecksInput = z.object({
  collectionId: z.string().min(1).max(128),
  before: z.string().max(128).nullable().default(null),
  limit: z.number().int().min(1).max(100).default(30),
});
export type ListChecksInput = z.input<typeof ListChecksInput>;

/** Newest first. */
export async function listChecks({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListChecksInput;
}): Promise<CollectionCheckRecord[]> {
  const page = parseInput(ListChecksInput, input);
  authorise(ctx, 'collection.read', page.collectionId);
  return ctx.deps.collectionChecks.listChecks(page);
}

export const UpdateSearchBeamInput = z.object({
  collectionId: z.string().min(1).max(128),
  /** HNSW beam width of searches: wider finds more of the true neighbours and takes longer. */
  efSearch: z.number().int().min(10).max(1_000),
});
export type UpdateSearchBeamInput = z.input<typeof UpdateSearchBeamInput>;

/** Takes effect with the next search. */
export async function updateSearchBeam({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: UpdateSearchBeamInput;
}): Promise<Collection> {
  const { collectionId, efSearch } = parseInput(UpdateSearchBeamInput, input);
  authorise(ctx, 'rollout.write', collectionId);
  const collection = await ctx.deps.collections.getCollection(collectionId);
  requireNotRetired(collection);
  const ranking = { ...collection.ranking, efSearch };
  const updated = await ctx.deps.collections.updateCollection(collectionId, { ranking });
  const detail = { before: collection.ranking.efSearch, after: efSearch };
  await recordAudit(ctx, { action: 'collection.search-beam', subject: collectionId, detail });
  return updated;
}
