import { z } from 'zod';
import { defineImageProcessor, type RgbImage } from '../spec/index.ts';

const Side = z.number().int().min(1).max(8_192);
const Config = z.strictObject({ width: Side.default(224), height: Side.default(224) });
type Config = z.infer<typeof Config>;

/** The middle of an image. */
export const crop = defineImageProcessor<Config>({
  apiVersion: 1,
  kind: 'image-processor',
  id: 'centre-crop',
  version: '1.0.0',
  title: 'Centre crop',
  description:
    'Cuts the middle out of an image, in its own resolution. An image that is smaller gets black bars around it.',
  config: Config,
  needs: ['images'],
  process: (image, size) => cutOut(image, size),
});

/** A window of the given size on the middle; 0 where it looks past the image. */
export function cutOut(image: RgbImage, { width, height }: { width: number; height: number }): RgbImage {
  const length = width * height * 3;
  const data = image.data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  const left = Math.floor((image.width - width) / 2);
  const top = Math.floor((image.height - height) / 2);
  const first = Math.max(0, -left);
  const count = Math.min(width - first, image.width - Math.max(0, left));
  for (let y = 0; y < height; y++) {
    const row = y + top;
    if (row < 0 || row >= image.height) continue;
    const start = (row * image.width + first + left) * 3;
    data.set(image.data.subarray(start, start + count * 3), (y * width + first) * 3);
  }
  return { width, height, data };
}
