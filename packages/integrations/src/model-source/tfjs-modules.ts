import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { WeightTensor } from './encoders/safetensors.ts';

const Weight = z.object({
  name: z.string(),
  shape: z.array(z.number().int()),
  quantization: z.object({ min: z.number(), scale: z.number(), dtype: z.literal('uint8') }),
});
const Manifest = z.array(z.object({ weights: z.array(Weight) })).length(1);

/**
 * Weights of a tfjs model that is packed as two JavaScript files: a description, and bytes in base64 that are rounded
 * to 8 bits. The files are read and not run.
 */
export function readModuleWeights(description: string, shard: string): Map<string, WeightTensor> {
  const [group] = parseManifest(description);
  const [, base64 = ''] = /"([A-Za-z0-9+/=]{1000,})"/.exec(shard) ?? [];
  const bytes = Buffer.from(base64, 'base64');
  const tensors = new Map<string, WeightTensor>();
  let offset = 0;
  for (const { name, shape, quantization } of group?.weights ?? []) {
    const length = shape.reduce((product, dim) => product * dim, 1);
    const { min, scale } = quantization;
    const values = Float32Array.from(bytes.subarray(offset, offset + length), (value) => value * scale + min);
    if (values.length !== length) throw invalid(`the weights end within ${name}`);
    tensors.set(name, { dims: shape, values });
    offset += length;
  }
  if (offset !== bytes.length || offset === 0) throw invalid('there are more weights than described');
  return tensors;
}

/** The literal after `weightsManifest:`, as minifiers write it: keys without quotes, numbers without a leading zero. */
function parseManifest(description: string): z.output<typeof Manifest> {
  const start = description.indexOf('weightsManifest:[');
  const end = description.indexOf('}]}]', start);
  if (start < 0 || end < 0) throw invalid('it has no weightsManifest');
  const literal = description
    .slice(start + 'weightsManifest:'.length, end + 4)
    .replace(/([{,])([A-Za-z_]\w*):/g, '$1"$2":')
    .replace(/([:,[]-?)\./g, '$10.');
  try {
    return Manifest.parse(JSON.parse(literal));
  } catch (cause) {
    throw invalid('its weightsManifest cannot be read', cause);
  }
}

function invalid(why: string, cause?: unknown): StudioError {
  return new StudioError('MODEL_INVALID', `The tfjs model cannot be read: ${why}.`, { cause });
}
