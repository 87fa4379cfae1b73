import { StudioError } from '@embedding-studio/contracts';
import type { Tensor } from './tensor-protocol.ts';

/** One vector of an answer. @throws StudioError MODEL_INVALID for another shape or values that are no finite numbers */
export function readRow(output: Tensor, place: { row: number; dims: number }): Float32Array {
  const { row, dims } = place;
  if (output.datatype !== 'FP32' || output.shape.length !== 2 || output.shape[1] !== dims) {
    throw new StudioError(
      'MODEL_INVALID',
      `The model answered ${output.datatype} ${JSON.stringify(output.shape)}; its manifest says FP32 [rows, ${dims}].`,
    );
  }
  const vector = Float32Array.from((output.values as Float32Array).subarray(row * dims, (row + 1) * dims));
  if (vector.length === dims && vector.every(Number.isFinite)) return vector;
  throw new StudioError('MODEL_INVALID', 'The model answered a vector with values that are not finite numbers.');
}
