import { StudioError } from '@embedding-studio/contracts';
import type { WeightTensor } from './safetensors.ts';

/** Looks weights up by name and checks their shapes, so that a wrong file fails here and not in a matrix product. */
export class WeightBook {
  constructor(private readonly tensors: ReadonlyMap<string, WeightTensor>) {}

  get(name: string, dims: readonly number[]): Float32Array {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new StudioError('MODEL_INVALID', `The model file has no weight named ${name}.`);
    if (tensor.dims.join() !== dims.join())
      throw new StudioError('MODEL_INVALID', `Weight ${name} is ${tensor.dims.join(' x ')}, not ${dims.join(' x ')}.`);
    return tensor.values;
  }

  dims(name: string): number[] {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new StudioError('MODEL_INVALID', `The model file has no weight named ${name}.`);
    return tensor.dims;
  }

  /** A linear layer stored [out, in], as PyTorch does, turned to [in, out]. */
  getTransposed(name: string, dims: readonly [number, number]): Float32Array {
    const [outer, inner] = dims;
    const values = this.get(name, dims);
    const turned = new Float32Array(values.length);
    for (let row = 0; row < outer; row++)
      for (let column = 0; column < inner; column++) turned[column * outer + row] = values[row * inner + column] ?? 0;
    return turned;
  }
}
