import type { RgbImage } from '../spec/index.ts';

interface Taps {
  /** First source place of each target place. */
  starts: Int32Array;
  /** Weights from there on, `length` for each target place; they sum to 1. */
  weights: Float64Array;
  length: number;
}

/**
 * Bilinear resampling with antialiasing: a triangle filter whose width grows with the reduction, along the rows first
 * and then along the columns; pixel centres lie at half places, borders weigh what lies inside. Pillow's BILINEAR does
 * the same, up to its rounding between the two passes.
 */
export function resample(image: RgbImage, size: { width: number; height: number }): RgbImage {
  const { width, height } = size;
  if (width === image.width && height === image.height) return { ...image, data: image.data.slice() };
  const across = tapsOf(image.width, width);
  const down = tapsOf(image.height, height);
  const rows = new Float64Array(width * image.height * 3);
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++)
        rows[(y * width + x) * 3 + c] = sum(across, x, (tap) => image.data[(y * image.width + tap) * 3 + c] ?? 0);
  const isBytes = image.data instanceof Uint8Array;
  const data = isBytes ? new Uint8Array(width * height * 3) : new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let at = 0; at < width * 3; at++) {
      const value = sum(down, y, (tap) => rows[tap * width * 3 + at] ?? 0);
      data[y * width * 3 + at] = isBytes ? Math.min(255, Math.max(0, Math.round(value))) : value;
    }
  return { width, height, data };
}

function sum({ starts, weights, length }: Taps, place: number, read: (tap: number) => number): number {
  const start = starts[place] ?? 0;
  let total = 0;
  for (let tap = 0; tap < length; tap++) {
    const weight = weights[place * length + tap] ?? 0;
    if (weight !== 0) total += weight * read(start + tap);
  }
  return total;
}

function tapsOf(from: number, to: number): Taps {
  const scale = from / to;
  const support = Math.max(1, scale);
  const length = Math.min(from, Math.ceil(support) * 2 + 1);
  const taps = { starts: new Int32Array(to), weights: new Float64Array(to * length), length };
  for (let place = 0; place < to; place++) {
    const centre = (place + 0.5) * scale;
    const start = Math.min(Math.max(0, Math.floor(centre - support)), Math.max(0, from - length));
    const raw = Array.from({ length }, (_, tap) => Math.max(0, 1 - Math.abs((start + tap + 0.5 - centre) / support)));
    const total = raw.reduce((all, weight) => all + weight, 0);
    taps.starts[place] = start;
    for (const [tap, weight] of raw.entries()) taps.weights[place * length + tap] = weight / total;
  }
  return taps;
}
