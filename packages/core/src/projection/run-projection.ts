import type { Collection, ProjectionChunk, ProjectionManifest } from '@embedding-studio/contracts';
import { alignPoints, type Points, projectInThread } from '@embedding-studio/ml/projection';
import { authorise } from '../authorise.ts';
import { embedQueryTexts } from '../category/embed-query-texts.ts';
import type { Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { recordAudit } from '../record-audit.ts';
import { categoryOf, chooseCategories, chooseField, mergeSpellings } from './choose-categories.ts';
import { loadMapItems, type MapItems, tableOf } from './load-map-items.ts';
import { loadMapUse, type MapUse } from './load-map-use.ts';
import { findManifest, listManifests, pointsOf, readChunk, textOf, writeProjection } from './projection-files.ts';

const landmarksMax = 3_000;
const pointsPerChunk = 1_000;
const titleMax = 60;
const seed = 11;

type Place = readonly [number, number];

/** Lays out a collection's items, places the latest queries among them, and stores both. Safe to run twice. */
export async function runProjection({ ctx, input }: { ctx: Ctx; input: JobRun<'projection'> }): Promise<JobResult> {
  const { collectionId, field: wanted } = input.task.input;
  authorise(ctx, 'collection.write', collectionId);
  const collection = await ctx.deps.collections.getCollection(collectionId);
  const others = (await listManifests(ctx)).filter((one) => one.collectionId !== collectionId);
  const alignTo = others[0]?.collectionId ?? null;
  const loaded = await loadMapItems(ctx, { collectionId, dims: collection.dims });
  const use = await loadMapUse(ctx);
  const places = await loadPlaces(ctx, alignTo);
  const ids = loaded.items.map(({ id }) => id);
  const { vectors: more, ...queries } = await embedQueries(ctx, { collection, use });
  const { points: laidOut, placed } = await projectInThread({
    job: { table: loaded.vectors, more, starts: startsOf(ids, places), seed, landmarksMax },
    signal: ctx.signal,
    onProgress: (share) => keepProgress({ input, share, total: ids.length }),
  });
  const alignment = alignTo === null ? null : alignTwo(laidOut, { ids, places });
  const apply = alignment?.apply ?? ((points: Points) => points);
  const field = wanted ?? chooseField(loaded.items.map(({ payload }) => payload));
  const named = mergeSpellings(loaded.items.map(({ payload }) => (field === null ? null : categoryOf(payload, field))));
  const categories = chooseCategories(named);
  const chunks = [
    ...cutChunks({ loaded, use, points: apply(laidOut), named, categories }),
    { ...queries, xy: textOf(apply(placed)) },
  ];
  const manifest: ProjectionManifest = {
    ...{ collectionId, modelId: collection.modelId, taskId: input.task.id, createdAt: ctx.deps.clock.now() },
    ...{ items: loaded.items.length, itemsTotal: loaded.total, chunks: chunks.length - 1, queries: queries.ids.length },
    ...{ field, categories },
    alignedTo: alignTo === null || alignment === null ? null : { collectionId: alignTo, ...alignment.facts },
  };
  await writeProjection(ctx, { manifest, chunks });
  const { items, alignedTo } = manifest;
  await recordAudit(ctx, { action: 'projection.make', subject: collectionId, detail: { items, field, alignedTo } });
  return { result: { items, queries: manifest.queries, field, alignedTo } };
}

interface Progress {
  input: JobRun<'projection'>;
  share: number;
  total: number;
}

async function keepProgress({ input, share, total }: Progress): Promise<void> {
  const progress = { done: Math.round(share * total), total, note: 'items laid out', secondsLeft: null };
  await input.save({ progress });
}

/** Where the items are on the map of another collection; empty where that has none. */
async function loadPlaces(ctx: Ctx, collectionId: string | null): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  const manifest = collectionId === null ? null : await findManifest(ctx, collectionId);
  for (let index = 0; manifest !== null && index < manifest.chunks; index++) {
    const chunk = await readChunk(ctx, manifest, index);
    const points = pointsOf(chunk);
    for (const [at, id] of chunk.ids.entries()) places.set(id, [points[at * 2] ?? 0, points[at * 2 + 1] ?? 0]);
  }
  return places;
}

function startsOf(ids: readonly string[], places: ReadonlyMap<string, Place>): Points {
  const starts = new Float32Array(ids.length * 2).fill(Number.NaN);
  for (const [row, id] of ids.entries()) starts.set(places.get(id) ?? [], row * 2);
  return starts;
}

function alignTwo(points: Points, { ids, places }: { ids: readonly string[]; places: Map<string, Place> }) {
  const [source, target]: [number[], number[]] = [[], []];
  for (const [row, id] of ids.entries()) {
    const place = places.get(id);
    if (place === undefined) continue;
    source.push(points[row * 2] ?? 0, points[row * 2 + 1] ?? 0);
    target.push(...place);
  }
  if (source.length < 6) return null;
  const { apply, residual } = alignPoints(Float32Array.from(source), Float32Array.from(target));
  return { apply, facts: { shared: source.length / 2, residual } };
}

/** Without a model server the map has no queries. */
async function embedQueries(ctx: Ctx, { collection, use }: { collection: Collection; use: MapUse }) {
  const texts = use.queries.map(({ text }) => text);
  const vectors = await embedQueryTexts(ctx, { modelId: collection.modelId, texts }).catch((error: unknown) => {
    ctx.signal?.throwIfAborted();
    ctx.deps.log.warn({ error: String(error) }, 'queries are left off the map');
    return [];
  });
  const shown = use.queries.slice(0, vectors.length);
  return {
    ids: shown.map((_, index) => `query-${index}`),
    titles: shown.map(({ text }) => text.slice(0, titleMax)),
    category: shown.map(() => -1),
    shown: shown.map(({ count }) => count),
    clicks: shown.map(() => 0),
    vectors: tableOf(vectors, collection.dims),
  };
}

interface ChunkParts {
  loaded: MapItems;
  use: MapUse;
  points: Float32Array;
  named: readonly (string | null)[];
  categories: readonly string[];
}

function cutChunks({ loaded, use, points, named, categories }: ChunkParts): ProjectionChunk[] {
  const chunks: ProjectionChunk[] = [];
  for (let start = 0; start < loaded.items.length; start += pointsPerChunk) {
    const items = loaded.items.slice(start, start + pointsPerChunk);
    chunks.push({
      ids: items.map(({ id }) => id),
      titles: items.map(({ title }) => title.slice(0, titleMax)),
      xy: textOf(points.subarray(start * 2, (start + items.length) * 2)),
      category: items.map((_, at) => categories.indexOf(named[start + at] ?? '')),
      shown: items.map(({ id }) => use.shown.get(id) ?? 0),
      clicks: items.map(({ id }) => use.clicks.get(id) ?? 0),
    });
  }
  return chunks;
}
