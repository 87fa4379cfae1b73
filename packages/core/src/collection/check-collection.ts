import { type Collection, type CollectionCheck, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';
import { sampleItems, sampleQueryTexts } from '../rollout/verification/sample-texts.ts';
import { openRecallProbe, recallMin } from '../rollout/verification/tune-ef-search.ts';
import { requireNotRetired } from './create-collection.ts';
import { measureQueryDrift } from './measure-query-drift.ts';

export const CheckCollectionInput = z.object({
  collectionId: z.string().min(1).max(128),
  /** Queries to ask: real ones of the collection's sessions first, titles of items to fill up. */
  queries: z.number().int().min(1).max(200).default(50),
});
export type CheckCollectionInput = z.input<typeof CheckCollectionInput>;

const deadShareMax = 0.2;
const driftMax = 0.6;
const seed = 11;

/** Measures how well the index of a collection answers now, and what it takes up. Reads only. */
export async function checkCollection({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: CheckCollectionInput;
}): Promise<CollectionCheck> {
  authorise(ctx, 'search.read');
  const { collectionId, queries } = parseInput(CheckCollectionInput, input);
  const collection = await ctx.deps.collections.getCollection(collectionId);
  requireNotRetired(collection);
  const texts = await chooseTexts(ctx, { collection, count: queries });
  const probe = await openRecallProbe(ctx, { collection, texts });
  const recall10 = await probe(collection.ranking.efSearch);
  const { items, stale } = await ctx.deps.collections.countVectors(collectionId);
  const storage = await ctx.deps.collections.describeStorage(collectionId);
  const drift = await measureQueryDrift(ctx, collection);
  const { efSearch } = collection.ranking;
  const check = { ...storage, recall10, queries: texts.length, efSearch, items, stale, drift };
  return { ...check, advice: advise(check) };
}

async function chooseTexts(ctx: Ctx, options: { collection: Collection; count: number }): Promise<string[]> {
  const { collection, count } = options;
  const rollout = await ctx.deps.rollouts.findRolloutByCollection(collection.id);
  const items = await sampleItems(ctx, { count, seed });
  return sampleQueryTexts(ctx, { batchId: rollout?.batchId ?? null, items, count, seed });
}

function advise(check: Omit<CollectionCheck, 'advice'>): string[] {
  const { indexBytes, recall10, deadShare, stale, drift } = check;
  const advice: string[] = [];
  if (indexBytes === null) advice.push('There is no index: every search compares all vectors. Build it.');
  if (recall10 < recallMin)
    advice.push(`recall@10 is ${recall10.toFixed(3)}, below ${recallMin}: rebuild the index, or widen efSearch.`);
  if (deadShare !== null && deadShare > deadShareMax)
    advice.push(`${Math.round(deadShare * 100)} % of the rows are dead: rebuild the index after a vacuum.`);
  if (stale > 0) advice.push(`${stale} items wait for vectors of their present content: run a reindex.`);
  if (drift && drift.lower > driftMax)
    advice.push(
      `People ask for other things than before this index was made (drift ${drift.area.toFixed(2)}; .5 is none): train on newer sessions.`,
    );
  return advice;
}

export const RebuildIndexInput = z.object({
  collectionId: z.string().min(1).max(128),
  /** Links per vector, and beam width while building (Malkov & Yashunin 2016). */
  m: z.number().int().min(4).max(64).default(16),
  efConstruction: z.number().int().min(32).max(512).default(128),
});
export type RebuildIndexInput = z.input<typeof RebuildIndexInput>;

/** Builds the index anew beside running searches and writes; the old one answers until the new one is whole. */
export async function rebuildIndex({ ctx, input }: { ctx: Ctx; input: RebuildIndexInput }): Promise<Collection> {
  authorise(ctx, 'rollout.write');
  const { collectionId, m, efConstruction } = parseInput(RebuildIndexInput, input);
  if (efConstruction < 2 * m)
    throw new StudioError('INPUT_INVALID', 'efConstruction must be at least twice m', { field: 'efConstruction' });
  const collection = await ctx.deps.collections.getCollection(collectionId);
  requireNotRetired(collection);
  await ctx.deps.collections.rebuildIndex(collectionId, { m, efConstruction });
  await recordAudit(ctx, { action: 'collection.rebuild-index', subject: collectionId, detail: { m, efConstruction } });
  return collection;
}
