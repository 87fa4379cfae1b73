import { type ImageAlignment, StudioError } from '@embedding-studio/contracts';
import { alignPictures } from '@embedding-studio/ml/alignment';
import type { VectorTable } from '@embedding-studio/ml/projection';
import { fitProjection, type Projection } from './fit-projection.ts';

export interface Caption {
  /** File of the picture. */
  path: string;
  text: string;
  /** Of unit length, by the text tower as it reads queries. */
  vector: Float32Array;
}

export interface FittedHead extends Projection {
  /** null: the pictures keep to a space of their own. */
  alignment: ImageAlignment | null;
}

export const captionsMin = 50;

/** Where pictures go in the space of the text: to their captions, or, without any, wherever they stay apart best. */
export function fitHead(
  rows: ReadonlyMap<string, Float32Array>,
  { captions, dims, seed }: { captions: readonly Caption[]; dims: number; seed: number },
): FittedHead {
  if (captions.length === 0) return { ...fitProjection([...rows.values()], { dims, seed }), alignment: null };
  if (captions.length < captionsMin) {
    const message = `captions: at least ${captionsMin} pictures with a caption are needed, ${captions.length} are there`;
    throw new StudioError('INPUT_INVALID', message, { field: 'captions' });
  }
  const { weight, bias, ridge, heldOut } = alignPictures({
    features: pack(captions.map(({ path }) => rows.get(path) ?? new Float32Array())),
    captions: pack(captions.map(({ vector }) => vector)),
    groups: captions.map(({ text }) => wordsOf(text)),
    seed,
  });
  const { chance, ...found } = heldOut;
  return { weight, bias, alignment: { captions: captions.length, ridge, heldOut: found, chance } };
}

/** "Baby-Tux 2" and "baby tux" caption two versions of one drawing. */
const wordsOf = (text: string): string =>
  text
    .toLowerCase()
    .match(/\p{L}+/gu)
    ?.join(' ') ?? text;

/** Of unit length, as the finished tower gives it. */
export function placePicture(features: Float32Array, { weight, bias }: Projection): Float32Array {
  const dims = bias.length;
  const placed = Float32Array.from(bias);
  for (let feature = 0; feature < features.length; feature++)
    for (let at = 0; at < dims; at++)
      placed[at] = (placed[at] ?? 0) + (features[feature] ?? 0) * (weight[feature * dims + at] ?? 0);
  const length = Math.max(Math.hypot(...placed), 1e-12);
  return placed.map((value) => value / length);
}

function pack(rows: readonly Float32Array[]): VectorTable {
  const width = rows[0]?.length ?? 0;
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, at) => {
    if (row.length !== width) throw new StudioError('INTERNAL', 'A captioned picture was not read by the backbone');
    values.set(row, at * width);
  });
  return { values, width };
}
