import { z } from 'zod';
import { defineImageProcessor } from '../spec/index.ts';

const Channels = z.tuple([z.number(), z.number(), z.number()]);
const Config = z.strictObject({
  mean: Channels.default([0.48145466, 0.4578275, 0.40821073]).describe('Of red, green and blue, from 0 to 1.'),
  std: Channels.default([0.26862954, 0.26130258, 0.27577711])
    .refine((values) => values.every((value) => value > 0), 'must be above 0')
    .describe('Of red, green and blue, above 0.'),
});
type Config = z.infer<typeof Config>;

/** Values as image models were trained on. */
export const normalise = defineImageProcessor<Config>({
  apiVersion: 1,
  kind: 'image-processor',
  id: 'normalise',
  version: '1.0.0',
  title: 'Normalise',
  description:
    'Turns bytes (0–255) into floats from 0 to 1, takes the mean of each channel off and divides by its deviation. Floats are taken for 0 to 1. Defaults are those of CLIP. Last in a row of processors.',
  config: Config,
  needs: ['images'],
  process({ width, height, data }, { mean, std }) {
    const scale = data instanceof Uint8Array ? 255 : 1;
    const values = Float32Array.from(data, (value, at) => {
      const channel = at % 3;
      return (value / scale - (mean[channel] ?? 0)) / (std[channel] ?? 1);
    });
    return { width, height, data: values };
  },
});
