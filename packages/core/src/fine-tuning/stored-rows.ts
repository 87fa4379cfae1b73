import {
  type Collection,
  type ItemRecord,
  type ItemRows,
  type ModelRecord,
  StudioError,
  type TrainingQuery,
  type TrainingSet,
  type ValidationSet,
  type VectorRow,
} from '@embedding-studio/contracts';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../context.ts';
import type { TrainingAids } from './prepare-aids.ts';

export interface EncoderTraining {
  aids: Pick<TrainingAids, 'trainingSet' | 'anchorTexts' | 'mixing'>;
  validation: ValidationSet | undefined;
}

const lookUp = 500;

/**
 * Clicks on pictures without a text: every item comes as its stored vector, which stays, and the text tower learns to find
 * it (locked-image tuning, arXiv 2111.07991). Where all clicked items have texts nothing is changed.
 * @throws StudioError TRAINING_EVIDENCE_MISSING when the base model does not serve: nothing is stored of it.
 */
export async function addStoredRows(
  ctx: Ctx,
  { aids, validation }: EncoderTraining,
  { base, seed }: { base: ModelRecord; seed: number },
): Promise<EncoderTraining> {
  const { trainingSet, mixing } = aids;
  if (!hasPictures(trainingSet)) return { aids, validation };
  const collection = await findServing(ctx, base);
  const sets = [trainingSet, validation, mixing];
  const ids = [...new Set(sets.flatMap((set) => Object.keys(set?.itemTexts ?? {})))].sort();
  const items = await loadItems(ctx, ids);
  const itemRows = await loadRows(ctx, { collection, ids, items });
  const queries = [...trainingSet.queries, ...drawCaptions(trainingSet, { items, itemRows, seed })];
  return {
    aids: {
      ...aids,
      trainingSet: { ...trainingSet, queries, itemRows },
      ...(mixing && { mixing: { ...mixing, itemRows } }),
    },
    validation: validation && { ...validation, itemRows },
  };
}

function hasPictures({ queries, itemTexts }: TrainingSet): boolean {
  return queries.some(({ clicked }) => clicked.some(({ itemId }) => itemTexts[itemId] === ''));
}

async function findServing(ctx: Ctx, base: ModelRecord): Promise<Collection> {
  const live = await ctx.deps.collections.findLiveCollection();
  if (live?.collection.modelId === base.id) return live.collection;
  const message = `clicked pictures have no text, and ${base.id} does not serve, so that it has no stored vectors of them`;
  throw new StudioError('TRAINING_EVIDENCE_MISSING', message, {
    publicMessage:
      'Clicked pictures have no text: choose the model that serves as the base model, whose vectors are stored.',
  });
}

async function loadItems(ctx: Ctx, ids: readonly string[]): Promise<Map<string, ItemRecord>> {
  const found = new Map<string, ItemRecord>();
  for (let start = 0; start < ids.length; start += lookUp)
    for (const item of await ctx.deps.items.findItems(ids.slice(start, start + lookUp))) found.set(item.id, item);
  return found;
}

/** Of an item with a picture the picture's, which is stored last; else the first part's. */
async function loadRows(
  ctx: Ctx,
  want: { collection: Collection; ids: readonly string[]; items: ReadonlyMap<string, ItemRecord> },
): Promise<ItemRows> {
  const { collection, ids, items } = want;
  const rows = new Map<string, VectorRow>();
  for (let start = 0; start < ids.length; start += lookUp) {
    ctx.signal?.throwIfAborted();
    for (const row of await ctx.deps.collections.getVectors(collection.id, ids.slice(start, start + lookUp))) {
      const known = rows.get(row.itemId);
      const isPicture = items.get(row.itemId)?.image !== undefined;
      if (known === undefined || row.ordinal > known.ordinal === isPicture) rows.set(row.itemId, row);
    }
  }
  const { dims } = collection;
  const values = new Float32Array(rows.size * dims);
  [...rows.values()].forEach((row, at) => {
    values.set(row.vector, at * dims);
  });
  return { dims, ids: [...rows.keys()], values };
}

/** Titles of pictures ask for them, too: as many as there are queries at most. */
export function drawCaptions(
  { queries }: Pick<TrainingSet, 'queries'>,
  { items, itemRows, seed }: { items: ReadonlyMap<string, ItemRecord>; itemRows: ItemRows; seed: number },
): TrainingQuery[] {
  const titled = itemRows.ids.flatMap((itemId) => {
    const item = items.get(itemId);
    const title = item?.title.trim() ?? '';
    return item?.image !== undefined && title !== '' ? [{ itemId, title }] : [];
  });
  return shuffle(titled, createRandom(seed))
    .slice(0, queries.length)
    .map(({ itemId, title }) => ({
      queryId: `caption:${itemId}`,
      text: title,
      clicked: [{ itemId, weight: 1 }],
      skipped: [],
    }));
}
