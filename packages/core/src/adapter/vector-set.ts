import {
  type AdapterTrainingSet,
  type Collection,
  StudioError,
  type TrainingSet,
  type VectorRow,
} from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import type { Ctx } from '../context.ts';
import { chooseCorpus } from '../rollout/gate/choose-corpus.ts';
import { embedQueries } from '../rollout/gate/embed-queries.ts';

/** Items that nobody clicked, so that queries do not learn to avoid only those that somebody did. */
const othersMax = 10_000;
const lookUp = 500;

/** Vectors of what training speaks of: queries by the model server, items as they are stored. */
export async function buildVectorSet(
  ctx: Ctx,
  { collection, trainingSet, seed }: { collection: Collection; trainingSet: TrainingSet; seed: number },
): Promise<AdapterTrainingSet> {
  const { queries, itemTexts } = trainingSet;
  const texts = [...new Map(queries.map(({ text }) => [normaliseQuery(text), text])).values()];
  const rowOfQuery = new Map(texts.map((text, row) => [normaliseQuery(text), row]));
  const vectors = await embedQueries(ctx, {
    modelId: collection.modelId,
    queries: texts.map((text) => ({ text })),
  });
  const rows = await loadItems(ctx, { collection, wanted: Object.keys(itemTexts), seed });
  const rowOfItem = new Map(rows.map(({ itemId }, row) => [itemId, row]));
  const rowsOf = (ids: readonly string[]) => ids.flatMap((itemId) => rowOfItem.get(itemId) ?? []);
  const examples = queries
    .map(({ text, clicked, skipped }) => ({
      query: rowOfQuery.get(normaliseQuery(text)) ?? 0,
      clicked: clicked.flatMap(({ itemId, weight }) => rowsOf([itemId]).map((item) => ({ item, weight }))),
      skipped: rowsOf(skipped),
    }))
    .filter(({ clicked }) => clicked.length > 0);
  const { dims } = collection;
  return {
    dims,
    queries: pack(vectors, dims),
    items: pack(
      rows.map(({ vector }) => vector),
      dims,
    ),
    examples,
  };
}

/** The first part of each: what it begins with says best what it is. */
async function loadItems(
  ctx: Ctx,
  { collection, wanted, seed }: { collection: Collection; wanted: readonly string[]; seed: number },
): Promise<VectorRow[]> {
  const needed = new Set(wanted);
  const corpus = await chooseCorpus(ctx, { needed, seed, itemsMax: needed.size + othersMax });
  const others = corpus.map(({ id }) => id).filter((id) => !needed.has(id));
  const ids = [...needed, ...shuffle(others, createRandom(seed)).slice(0, othersMax)];
  const rows: VectorRow[] = [];
  for (let start = 0; start < ids.length; start += lookUp) {
    ctx.signal?.throwIfAborted();
    const found = await ctx.deps.collections.getVectors(collection.id, ids.slice(start, start + lookUp));
    rows.push(...found.filter(({ ordinal }) => ordinal === 0));
  }
  // The store's order is its own: training is to see the same rows in the same places every time.
  return rows.sort((left, right) => (left.itemId < right.itemId ? -1 : 1));
}

function pack(vectors: readonly Float32Array[], dims: number): Float32Array {
  const packed = new Float32Array(vectors.length * dims);
  vectors.forEach((vector, row) => {
    if (vector.length !== dims)
      throw new StudioError(
        'MODEL_INVALID',
        `A vector of ${vector.length} numbers was found where ${dims} are stored.`,
      );
    packed.set(vector, row * dims);
  });
  return packed;
}
