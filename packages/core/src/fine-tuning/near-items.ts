import type { VectorRow } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { encodeCorpus } from '../rollout/gate/candidate-vectors.ts';
import { chooseCorpus } from '../rollout/gate/choose-corpus.ts';
import { packVectors, scoreAllItems } from '../rollout/gate/vector-side.ts';

export interface BaseModel {
  id: string;
  artefactKey: string;
  /** Local folder of the artefact. */
  folder: string;
}

export interface ClickedQuery {
  text: string;
  /** Everything ever clicked for it. */
  clicked: string[];
}

export interface NearQuery {
  /** Best first. */
  ranked: { itemId: string; cosine: number }[];
  /** Of the nearest clicked item; null when none has a vector. */
  clickedCosine: number | null;
}

export interface NearItems {
  /** Whose vectors are searched: the live collection's, or a sample embedded for this run. */
  source: 'live' | 'sample';
  rank(query: number): Promise<NearQuery>;
}

interface Sources {
  base: BaseModel;
  queries: readonly ClickedQuery[];
  depth: number;
}

/** Items embedded where the base model has no collection: enough to find near ones, little enough to wait for. */
const sampleItems = 2_000;
const lookUp = 500;
const efSearch = 200;

export async function openNearItems(ctx: Ctx, sources: Sources): Promise<NearItems> {
  const vectors = await ctx.deps.trainer.encode({
    modelFolder: sources.base.folder,
    texts: sources.queries.map(({ text }) => text),
    kind: 'query',
    signal: ctx.signal ?? new AbortController().signal,
  });
  const live = await ctx.deps.collections.findLive();
  const collection = live && (await ctx.deps.collections.getCollection(live.collectionId));
  return collection?.modelId === sources.base.id
    ? searchLive(ctx, { ...sources, vectors, collectionId: collection.id })
    : searchSample(ctx, { ...sources, vectors });
}

async function searchLive(
  ctx: Ctx,
  { queries, depth, vectors, collectionId }: Sources & { vectors: Float32Array[]; collectionId: string },
): Promise<NearItems> {
  const rows = await loadClicked(ctx, { queries, collectionId });
  return {
    source: 'live',
    rank: async (query) => {
      const vector = vectors[query] ?? new Float32Array();
      const found = await ctx.deps.collections.findNearest({ collectionId, vector, limit: depth, efSearch });
      const ranked = found.map(({ itemId, distance }) => ({ itemId, cosine: 1 - distance }));
      const cosines = (queries[query]?.clicked ?? []).flatMap((itemId) =>
        (rows.get(itemId) ?? []).map((row) => dot(row.vector, vector)),
      );
      return { ranked, clickedCosine: cosines.length > 0 ? Math.max(...cosines) : null };
    },
  };
}

async function loadClicked(
  ctx: Ctx,
  { queries, collectionId }: { queries: readonly ClickedQuery[]; collectionId: string },
): Promise<Map<string, VectorRow[]>> {
  const ids = [...new Set(queries.flatMap(({ clicked }) => clicked))];
  const rows = new Map<string, VectorRow[]>();
  for (let start = 0; start < ids.length; start += lookUp) {
    ctx.signal?.throwIfAborted();
    for (const row of await ctx.deps.collections.getVectors(collectionId, ids.slice(start, start + lookUp)))
      rows.set(row.itemId, [...(rows.get(row.itemId) ?? []), row]);
  }
  return rows;
}

/** Clicked items first: without them nothing can be told to be behind them. */
async function searchSample(
  ctx: Ctx,
  { base, queries, depth, vectors }: Sources & { vectors: Float32Array[] },
): Promise<NearItems> {
  const clicked = [...new Set(queries.flatMap((query) => query.clicked))].slice(0, sampleItems / 2);
  const items = await chooseCorpus(ctx, { needed: new Set(clicked), seed: 1, itemsMax: sampleItems });
  const side = packVectors(
    await encodeCorpus(ctx, { model: { ...base, imageModelId: base.id }, items, onItems: async () => undefined }),
  );
  return {
    source: 'sample',
    rank: async (query) => {
      const cosines = scoreAllItems(side, vectors[query] ?? new Float32Array());
      const ranked = side.itemIds.map((itemId, at) => ({ itemId, cosine: cosines[at] ?? -1 }));
      ranked.sort((left, right) => right.cosine - left.cosine || (left.itemId < right.itemId ? -1 : 1));
      const known = (queries[query]?.clicked ?? []).flatMap((itemId) => side.placeOf.get(itemId) ?? []);
      const best = known.map((place) => cosines[place] ?? -1);
      return { ranked: ranked.slice(0, depth), clickedCosine: best.length > 0 ? Math.max(...best) : null };
    },
  };
}

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] as number) * (right[at] as number);
  return sum;
}
