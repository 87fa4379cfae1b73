import { z } from 'zod';
import { defineImageProcessor, type RgbImage } from '../spec/index.ts';
import { cutOut } from './crop.ts';
import { resample } from './resample.ts';

const Side = z.number().int().min(1).max(8_192);
const Config = z.strictObject({
  width: Side.default(224),
  height: Side.default(224),
  mode: z
    .enum(['pad', 'cover', 'stretch'])
    .default('pad')
    .describe('pad: all of it, black beside; cover: no black, the edges cut off; stretch: all of it, out of shape.'),
});
type Config = z.infer<typeof Config>;

/** To exactly one size, as image models want it. */
export const resize = defineImageProcessor<Config>({
  apiVersion: 1,
  kind: 'image-processor',
  id: 'resize',
  version: '1.0.0',
  title: 'Resize',
  description:
    'Brings an image to a size: bilinear resampling with antialiasing (a triangle filter that widens with the reduction), in the middle of black bars, cut to cover, or stretched.',
  config: Config,
  needs: ['images'],
  process(image, { width, height, mode }): RgbImage {
    if (mode === 'stretch') return resample(image, { width, height });
    const pick = mode === 'pad' ? Math.min : Math.max;
    const scale = pick(width / image.width, height / image.height);
    const scaled = resample(image, {
      width: Math.max(1, Math.round(image.width * scale)),
      height: Math.max(1, Math.round(image.height * scale)),
    });
    return cutOut(scaled, { width, height });
  },
});
