import { type Collection, StudioError } from '@embedding-studio/contracts';
import { adaptQueries } from '../../adapter/adapt-queries.ts';
import type { Ctx } from '../../context.ts';
import { embedQueries } from '../gate/embed-queries.ts';

export const recallMin = 0.95;
const k = 10;
const widths = [100, 200, 400, 800];

/** The narrowest beam whose recall@10 against exact search on real queries is high enough. */
export async function tuneEfSearch(
  ctx: Ctx,
  options: { collection: Collection; texts: readonly string[] },
): Promise<{ queries: number; recall10: number; efSearch: number }> {
  const { collection, texts } = options;
  const probe = await openRecallProbe(ctx, options);
  let recall10 = 0;
  for (const efSearch of widths.filter((width) => width >= Math.min(800, collection.ranking.efSearch))) {
    recall10 = await probe(efSearch);
    if (recall10 >= recallMin) return { queries: texts.length, recall10, efSearch };
  }
  throw new StudioError('VERIFICATION_FAILED', `recall@10 is ${recall10.toFixed(3)} even with the widest beam.`);
}

/** Finds the exact answers once; the probe then measures recall@10 for a beam width. */
export async function openRecallProbe(
  ctx: Ctx,
  options: { collection: Collection; texts: readonly string[] },
): Promise<(efSearch: number) => Promise<number>> {
  const { collection, texts } = options;
  const raw = await embedQueries(ctx, { modelId: collection.modelId, queries: texts.map((text) => ({ text })) });
  const vectors = await adaptQueries(ctx, { collection, vectors: raw });
  const exact: { itemId: string; distance: number }[][] = [];
  for (const vector of vectors) {
    const query = { collectionId: collection.id, vector, limit: k, efSearch: 1_000, exact: true };
    exact.push(await ctx.deps.collections.findNearest(query));
  }
  return (efSearch) => measureRecall(ctx, { collection, vectors, exact, efSearch });
}

async function measureRecall(
  ctx: Ctx,
  input: {
    collection: Collection;
    vectors: readonly Float32Array[];
    exact: readonly { itemId: string; distance: number }[][];
    efSearch: number;
  },
): Promise<number> {
  const { collection, vectors, exact, efSearch } = input;
  let sum = 0;
  for (const [index, vector] of vectors.entries()) {
    ctx.signal?.throwIfAborted();
    const wanted = exact[index] ?? [];
    const limit = wanted.at(-1)?.distance ?? 0;
    const hits = await ctx.deps.collections.findNearest({ collectionId: collection.id, vector, limit: k, efSearch });
    // Items as near as the last wanted one are as good as it: equal texts have equal vectors.
    const good = hits.filter((hit) => hit.distance <= limit + 1e-6).length;
    sum += wanted.length === 0 ? 1 : Math.min(1, good / wanted.length);
  }
  return vectors.length === 0 ? 1 : sum / vectors.length;
}
