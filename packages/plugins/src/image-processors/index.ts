import type { ImageProcessor } from '../spec/index.ts';
import { crop } from './crop.ts';
import { normalise } from './normalise.ts';
import { resize } from './resize.ts';

export { crop, normalise, resize };

export const imageProcessors = [resize, crop, normalise] as readonly ImageProcessor[];
