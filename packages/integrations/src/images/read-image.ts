import { type ImageTower, imageBytesMax, StudioError } from '@embedding-studio/contracts';
import sharp, { type Sharp } from 'sharp';

const formats = new Set(['png', 'jpeg', 'webp']);
/** A small file may unfold to an image that fills the memory. */
const pixelsMax = 40_000_000;

/** @throws StudioError INPUT_INVALID for anything that is not a whole PNG, JPEG or WebP of reasonable size */
export async function checkImage(file: Uint8Array): Promise<void> {
  if (file.length > imageBytesMax) throw refused(`is longer than ${imageBytesMax} bytes`);
  const { format = 'nothing known' } = await reading(open(file).metadata());
  if (!formats.has(format)) throw refused(`is ${format}, not PNG, JPEG or WebP`);
  await reading(open(file).stats());
}

/**
 * Upright, on white ground, the middle square at the size that the tower wants: planes of red, green and blue of
 * (value − mean) / std, as `pixel_values` takes them.
 */
export async function readPixels(file: Uint8Array, { side, mean, std }: ImageTower): Promise<Float32Array> {
  const square = open(file)
    .rotate()
    .flatten({ background: '#ffffff' })
    .resize(side, side, { fit: 'cover', kernel: 'cubic' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw();
  const bytes = await reading(square.toBuffer());
  const plane = side * side;
  const channels = bytes.length / plane;
  const pixels = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const from = Math.min(channel, channels - 1);
    const [middle = 0, spread = 1] = [mean[channel], std[channel]];
    for (let at = 0; at < plane; at++)
      pixels[channel * plane + at] = ((bytes[at * channels + from] ?? 0) / 255 - middle) / spread;
  }
  return pixels;
}

function open(file: Uint8Array): Sharp {
  return sharp(file, { limitInputPixels: pixelsMax, failOn: 'error', pages: 1 });
}

async function reading<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw refused('cannot be read as an image, or is too large', cause);
  }
}

function refused(why: string, cause?: unknown): StudioError {
  return new StudioError('INPUT_INVALID', `image: ${why}`, { field: 'image', cause });
}
