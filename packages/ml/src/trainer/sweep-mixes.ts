import {
  type MixingQuery,
  type MixingReport,
  type MixingRow,
  type MixingSet,
  StudioError,
} from '@embedding-studio/contracts';
import { ndcgAt } from '../ranking/ranking-metrics.ts';
import type { TextTokenizer } from '../text/tokenizer.ts';
import { anchorDropMax, chooseMix } from './choose-mix.ts';
import { encodeAll, type OpenEncoder } from './encode-texts.ts';
import { patchWeights } from './export-weights.ts';
import { packRows } from './fixed-rows.ts';
import { mixWeights, type TrainedWeights } from './mix-weights.ts';
import type { LoadedModel } from './model-folder.ts';
import { openSession, type SessionOptions } from './training-session.ts';

export interface MixingParts {
  set: MixingSet;
  model: LoadedModel;
  trained: TrainedWeights;
  tokenizer: TextTokenizer;
  session: SessionOptions;
  now(): number;
  isAborted(): boolean;
}

const alphas = [0, 0.2, 0.4, 0.6, 0.8, 1];
const cutoff = 10;

/** Measures every mix of base and trained weights and says which to export. */
export async function sweepMixes(parts: MixingParts): Promise<MixingReport> {
  const started = parts.now();
  const rows: MixingRow[] = [];
  for (const alpha of alphas) {
    if (parts.isAborted()) throw new StudioError('ABORTED', 'Training was aborted while weights were mixed');
    rows.push({ alpha, ...(await measureMix(parts, alpha)) });
  }
  return {
    ...chooseMix(rows),
    ...{ anchorDropMax, rows, queries: parts.set.queries.length, anchors: parts.set.anchors.length },
    seconds: (parts.now() - started) / 1000,
  };
}

async function measureMix(parts: MixingParts, alpha: number): Promise<Omit<MixingRow, 'alpha'>> {
  const { model, set, tokenizer, trained } = parts;
  const file = alpha === 0 ? model.onnx : patchWeights(model.onnx, mixWeights(model.onnx, trained, alpha));
  const { session } = await openSession(file, parts.session);
  try {
    const encoder = { session, tokenizer, manifest: model.manifest };
    const host = { isAborted: parts.isAborted, onProgress: () => undefined };
    const itemIds = Object.keys(set.itemTexts);
    const items = set.itemRows
      ? packRows(itemIds, set.itemRows)
      : await encodeAll(encoder, { texts: Object.values(set.itemTexts), kind: 'item' }, host);
    const pool = { itemIds, items, dims: model.manifest.dims };
    return {
      ndcg10: await meanNdcg(encoder, { queries: set.queries, pool }),
      anchorNdcg10: await meanNdcg(encoder, { queries: set.anchors, pool }),
    };
  } finally {
    await session.release();
  }
}

interface Pool {
  itemIds: readonly string[];
  items: Float32Array;
  dims: number;
}

async function meanNdcg(
  encoder: OpenEncoder,
  { queries, pool }: { queries: readonly MixingQuery[]; pool: Pool },
): Promise<number> {
  if (queries.length === 0) return 0;
  const host = { isAborted: () => false, onProgress: () => undefined };
  const vectors = await encodeAll(encoder, { texts: queries.map(({ text }) => text), kind: 'query' }, host);
  const scores = queries.map(({ relevant }, at) =>
    ndcgAt(findNearest(vectors.subarray(at * pool.dims, (at + 1) * pool.dims), pool), relevant, cutoff),
  );
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function findNearest(query: Float32Array, { itemIds, items, dims }: Pool): string[] {
  const scored = itemIds.map((itemId, row) => {
    let cosine = 0;
    for (let column = 0; column < dims; column += 1)
      cosine += (query[column] as number) * (items[row * dims + column] as number);
    return { itemId, cosine };
  });
  scored.sort((a, b) => b.cosine - a.cosine || (a.itemId < b.itemId ? -1 : 1));
  return scored.slice(0, cutoff).map(({ itemId }) => itemId);
}
