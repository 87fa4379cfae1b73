import type { MetricMeans } from '@embedding-studio/contracts';
import { type FittedHead, type PictureFeatures, placePicture } from '@embedding-studio/integrations/model-source';
import { createRandom, meanMetrics, measureQuery, shuffle } from '@embedding-studio/ml/ranking';
import { createTrainer } from '@embedding-studio/ml/trainer';
import { createLog } from '@embedding-studio/telemetry';
import type { AskedQuery } from '../datasets/index.ts';
import type { Pictures } from './picture-items.ts';

/** Unit vectors by item, in the order of the items. */
export type PlacedPictures = ReadonlyMap<string, Float32Array>;

const randomOrders = 20;

export function placePictures({ paths }: Pictures, features: PictureFeatures, head: FittedHead): PlacedPictures {
  const rowOf = (path: string) => features.rows.get(path) ?? new Float32Array();
  return new Map([...paths].map(([itemId, path]) => [itemId, placePicture(rowOf(path), head)]));
}

/** By text, as the text tower in the folder reads queries. */
export async function embedTexts(
  asked: readonly string[],
  { modelFolder, signal }: { modelFolder: string; signal: AbortSignal },
): Promise<Map<string, Float32Array>> {
  const texts = [...new Set(asked)];
  const trainer = createTrainer({
    threads: 2,
    executionProviders: ['cpu'],
    log: createLog({ name: 'studio', level: 'error' }),
  });
  const vectors = await trainer.encode({ modelFolder, texts, kind: 'query', signal });
  return new Map(texts.map((text, at) => [text, vectors[at] ?? new Float32Array()]));
}

/** Nearest first. */
export function rankPictures(vector: Float32Array, placed: PlacedPictures, among?: ReadonlySet<string>): string[] {
  const scored = [...placed].flatMap(([itemId, picture]) => {
    if (among && !among.has(itemId)) return [];
    return [{ itemId, cosine: vector.reduce((sum, value, at) => sum + value * (picture[at] ?? 0), 0) }];
  });
  return scored.sort((left, right) => right.cosine - left.cosine).map(({ itemId }) => itemId);
}

export function scorePictures(
  queries: readonly AskedQuery[],
  { vectors, placed }: { vectors: ReadonlyMap<string, Float32Array>; placed: PlacedPictures },
): MetricMeans[] {
  return queries.map((query) => {
    const vector = vectors.get(query.text) ?? new Float32Array();
    return measureQuery(rankPictures(vector, placed, query.among), query);
  });
}

/** The mean of some random orders. */
export function chanceOf(queries: readonly AskedQuery[], itemIds: readonly string[], seed: number): MetricMeans {
  const random = createRandom(seed);
  const drawn = queries.flatMap((query) => {
    const ids = itemIds.filter((itemId) => query.among?.has(itemId) ?? true);
    return Array.from({ length: randomOrders }, () => measureQuery(shuffle(ids, random), query));
  });
  return meanMetrics(drawn);
}
