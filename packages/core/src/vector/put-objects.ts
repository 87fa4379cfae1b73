import { type Collection, ItemId, type ItemRecord, StudioError, type VectorRow } from '@embedding-studio/contracts';
import { z } from 'zod';
import { requireNotRetired } from '../collection/create-collection.ts';
import { type CollectionInput, openCollection } from '../collection/list-collections.ts';
import type { Ctx } from '../context.ts';
import { composeItem } from '../item/compose-item.ts';
import { parseInput } from '../parse-input.ts';
import { recordAudit } from '../record-audit.ts';

const partsMax = 100;

export const VectorObject = z.object({
  objectId: ItemId,
  payload: z.record(z.string(), z.unknown()).optional(),
  /** In the order of their numbers, which are given or count up from 0. */
  parts: z
    .array(
      z.object({
        vector: z.array(z.number()).min(1).max(4_096),
        ordinal: z.number().int().min(0).max(9_999).optional(),
      }),
    )
    .min(1)
    .max(partsMax),
});
export type VectorObject = z.output<typeof VectorObject>;

export const PutObjectsInput = z.object({
  modelId: z.string().min(1).max(128),
  objects: z.array(VectorObject).min(1).max(1_000),
  /** `insert` refuses ids that are there; `replace` drops the parts that are not given; `merge` keeps them. */
  mode: z.enum(['insert', 'replace', 'merge']).default('replace'),
});
export type PutObjectsInput = z.input<typeof PutObjectsInput>;

/** Items with vectors of the caller's own making, into one collection. Other collections get them at their next reindex. */
export async function putObjects({ ctx, input }: { ctx: Ctx; input: PutObjectsInput }): Promise<{ written: number }> {
  const { modelId, objects, mode } = parseInput(PutObjectsInput, input);
  const collection = await openForWriting(ctx, { modelId });
  checkObjects(collection, objects);
  const ids = objects.map(({ objectId }) => objectId);
  const known = await ctx.deps.items.findItems(ids);
  if (mode === 'insert') await refuseKnown(ctx, { collection, ids });
  const items = await writeItems(ctx, { objects, known });
  const kept = mode === 'merge' ? await ctx.deps.collections.getVectors(collection.id, ids) : [];
  await ctx.deps.collections.putVectors(collection.id, rowsOf({ objects, items, kept }));
  await recordAudit(ctx, {
    action: 'vector.put',
    subject: collection.id,
    detail: { objects: objects.length, mode, first: ids[0] },
  });
  return { written: objects.length };
}

export async function openForWriting(ctx: Ctx, input: CollectionInput): Promise<Collection> {
  const collection = await openCollection(ctx, input, 'collection.write');
  requireNotRetired(collection);
  return collection;
}

function checkObjects(collection: Collection, objects: readonly VectorObject[]): void {
  const seen = new Set<string>();
  objects.forEach(({ objectId, parts }, index) => {
    if (seen.has(objectId)) throw invalid(`objects.${index}.objectId`, `${objectId} comes twice`);
    seen.add(objectId);
    parts.forEach(({ vector }, part) => {
      if (vector.length !== collection.dims)
        throw invalid(`objects.${index}.parts.${part}.vector`, `has ${vector.length} numbers, not ${collection.dims}`);
    });
    const ordinals = parts.map(({ ordinal }, part) => ordinal ?? part);
    if (new Set(ordinals).size < ordinals.length)
      throw invalid(`objects.${index}.parts`, 'two parts have the same number');
  });
}

function invalid(field: string, why: string): StudioError {
  return new StudioError('INPUT_INVALID', `${field}: ${why}.`, { field });
}

async function refuseKnown(ctx: Ctx, target: { collection: Collection; ids: string[] }): Promise<void> {
  const [row] = await ctx.deps.collections.getVectors(target.collection.id, target.ids);
  if (row === undefined) return;
  const field = `objects.${target.ids.indexOf(row.itemId)}.objectId`;
  throw new StudioError('TASK_CONFLICT', `${row.itemId} has vectors in ${target.collection.id}; upsert it.`, { field });
}

/** An item that comes without a payload stays as it is; an unknown one is made. */
async function writeItems(
  ctx: Ctx,
  { objects, known }: { objects: readonly VectorObject[]; known: readonly ItemRecord[] },
): Promise<Map<string, ItemRecord>> {
  const items = new Map(known.map((item) => [item.id, item]));
  const changed = objects
    .filter(({ objectId, payload }) => payload !== undefined || !items.has(objectId))
    .map(({ objectId, payload = {} }) => {
      const { title, text, ...rest } = payload;
      const words = { title: typeof title === 'string' ? title : '', text: typeof text === 'string' ? text : '' };
      return composeItem({ id: objectId, ...words, payload: rest }, ctx.deps.settings);
    });
  if (changed.length > 0) await ctx.deps.items.upsertItems(changed);
  for (const item of changed) items.set(item.id, item);
  return items;
}

function rowsOf(options: {
  objects: readonly VectorObject[];
  items: ReadonlyMap<string, ItemRecord>;
  kept: readonly VectorRow[];
}): VectorRow[] {
  const { objects, items, kept } = options;
  return objects.flatMap(({ objectId, parts }) => {
    const contentHash = items.get(objectId)?.contentHash ?? '';
    const rows = new Map<number, VectorRow>();
    for (const row of kept) if (row.itemId === objectId) rows.set(row.ordinal, { ...row, contentHash });
    parts.forEach(({ vector, ordinal: given }, index) => {
      const ordinal = given ?? index;
      rows.set(ordinal, { itemId: objectId, ordinal, contentHash, vector: Float32Array.from(vector) });
    });
    return [...rows.values()];
  });
}
