import { type Collection, RankingProfile, type Rollout, StudioError } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { splitSeed } from '../fine-tuning/batch-split.ts';
import { fetchArtefact } from '../model/fetch-artefact.ts';
import { embedQueries } from '../rollout/gate/embed-queries.ts';
import { sampleItems, sampleQueryTexts } from '../rollout/verification/sample-texts.ts';
import { tuneEfSearch } from '../rollout/verification/tune-ef-search.ts';
import { adaptQueries } from './adapt-queries.ts';
import { sourceMoved } from './adapted-side.ts';
import { pointQueryAdapter } from './point-query-adapter.ts';

const sampledItems = 200;
const sampledQueries = 100;
const goldenTexts = 32;
const cosineMin = 0.999;

/** Queries moved by the adapter are those of its artefact, and find by the index what exact search finds. */
export async function verifyQueryAdapter(ctx: Ctx, rollout: Rollout) {
  const { collection, modelId } = await getMoved(ctx, rollout);
  const items = await sampleItems(ctx, { count: sampledItems, seed: splitSeed });
  const sample = { batchId: rollout.batchId, items, count: sampledQueries, seed: splitSeed };
  const texts = await sampleQueryTexts(ctx, sample);
  const adapted = pretend(collection, modelId);
  const golden = await checkMoved(ctx, { collection: adapted, modelId, texts: texts.slice(0, goldenTexts) });
  return { golden, recall: await tuneEfSearch(ctx, { collection: adapted, texts }) };
}

/** One write of the collection's row; the next search sees it. Returns the version of the adapter's place. */
export async function switchQueryAdapter(ctx: Ctx, rollout: Rollout): Promise<number> {
  const { collection, modelId } = await getMoved(ctx, rollout);
  const live = await ctx.deps.collections.findLive();
  if (live?.collectionId !== collection.id) throw sourceMoved(modelId);
  const tenant = rollout.tenant ?? null;
  const ranking = readProfile(rollout, collection);
  const written = await pointQueryAdapter(ctx, { collectionId: collection.id, tenant, modelId, ranking });
  return written.queryAdapters.find((one) => one.tenant === tenant)?.version ?? 1;
}

/** True while the collection that serves has its queries moved by this rollout's adapter. */
export function servesQueries({ modelId, tenant = null }: Rollout, live: Collection | null): boolean {
  return live?.queryAdapters.some((one) => one.tenant === tenant && one.modelId === modelId) === true;
}

async function getMoved(ctx: Ctx, rollout: Rollout): Promise<{ collection: Collection; modelId: string }> {
  const { sourceCollectionId, modelId } = rollout;
  if (sourceCollectionId === null || modelId === null)
    throw new StudioError('COLLECTION_NOT_FOUND', `Rollout ${rollout.id} names no collection whose queries move.`);
  return { collection: await ctx.deps.collections.getCollection(sourceCollectionId), modelId };
}

/** The collection as it would be searched. */
function pretend(collection: Collection, modelId: string): Collection {
  const previous = { modelId: null, ranking: null };
  const ref = { tenant: null, modelId, version: 1, setAt: collection.createdAt, previous };
  return { ...collection, queryAdapters: [ref] };
}

async function checkMoved(
  ctx: Ctx,
  { collection, modelId, texts }: { collection: Collection; modelId: string; texts: readonly string[] },
): Promise<{ texts: number; cosineMin: number }> {
  const { folder } = await fetchArtefact(ctx, await ctx.deps.models.getModel(modelId));
  const signal = ctx.signal ?? new AbortController().signal;
  const expected = await ctx.deps.trainer.encode({ modelFolder: folder, texts, kind: 'query', signal });
  const queries = texts.map((text) => ({ text }));
  const vectors = await embedQueries(ctx, { modelId: collection.modelId, queries });
  const served = await adaptQueries(ctx, { collection, vectors });
  const cosines = expected.map((vector, at) => dot(vector, served[at] ?? new Float32Array(vector.length)));
  const lowest = Math.min(1, ...cosines);
  if (lowest >= cosineMin) return { texts: texts.length, cosineMin: lowest };
  throw new StudioError('VERIFICATION_FAILED', `Served and trained queries differ: cosine ${lowest.toFixed(4)}.`);
}

function dot(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

/** Fitted by the gate together with the adapter, with the beam that verification has found. */
function readProfile({ gate, verification }: Rollout, { ranking }: Collection): RankingProfile {
  const fitted = RankingProfile.safeParse(gate?.profile).data ?? ranking;
  const { efSearch = ranking.efSearch } = (verification?.recall ?? {}) as { efSearch?: number };
  return { ...fitted, efSearch };
}
