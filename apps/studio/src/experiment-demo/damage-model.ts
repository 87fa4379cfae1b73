import { createHash } from 'node:crypto';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelManifest } from '@embedding-studio/contracts';
import { decodeModel, patchInitializers, tensorValues } from '@embedding-studio/ml/onnx';
import { createRandom } from '@embedding-studio/ml/ranking';

export interface Damage {
  /** Name of the model that it makes. */
  name: string;
  /** Standard deviation of what is added to every weight of a matrix, in standard deviations of that matrix. */
  noise: number;
  seed: number;
}

/** Smaller ones are norms and biases, without which nothing at all would be left. */
const weightsMin = 4_096;

/** A copy of a base model with noise on its matrices: an encoder that is worse in a known way. Returns its folder. */
export async function damageModel(folder: string, { to, ...damage }: Damage & { to: string }): Promise<string> {
  await rm(to, { recursive: true, force: true });
  await cp(folder, to, { recursive: true, dereference: true });
  const file = await readFile(join(folder, 'model.onnx'));
  const damaged = patchInitializers(file, addNoise(file, damage));
  await writeFile(join(to, 'model.onnx'), damaged);
  const manifest = ModelManifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  const hash = createHash('sha256').update(damaged).digest('hex');
  const next: ModelManifest = {
    ...manifest,
    name: damage.name,
    source: `${manifest.name} with noise`,
    files: { ...manifest.files, 'model.onnx': hash },
  };
  await writeFile(join(to, 'manifest.json'), JSON.stringify(next, null, 2));
  return to;
}

function addNoise(file: Uint8Array, { noise, seed }: Damage): Map<string, Float32Array> {
  const random = createRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const changed = new Map<string, Float32Array>();
  for (const tensor of decodeModel(file).graph.initializer) {
    const isMatrix = tensor.dims.length >= 2 && tensor.dataType === 1 && tensor.rawOffset !== undefined;
    const values = isMatrix ? tensorValues(tensor) : null;
    if (!(values instanceof Float32Array) || values.length < weightsMin) continue;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    changed.set(
      tensor.name ?? '',
      values.map((value) => value + noise * spread * normal()),
    );
  }
  return changed;
}
