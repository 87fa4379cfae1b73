import type { Tensor } from './tensor-protocol.ts';

/** Whether requests may run as one: same input names and types, 2-D, and padding is told by an attention mask. */
export function batchKey(inputs: readonly Tensor[]): string | null {
  if (!inputs.every(({ shape }) => shape.length === 2)) return null;
  const hasMask = inputs.some(({ name }) => name === 'attention_mask');
  const lengths = hasMask ? '' : inputs.map(({ shape }) => shape[1]).join(',');
  return inputs.map(({ name, datatype }) => `${name}:${datatype}`).join('|') + lengths;
}

export function rowsOf(inputs: readonly Tensor[]): number {
  return inputs[0]?.shape[0] ?? 0;
}

/** Stacks requests along the batch axis, padding shorter sequences with zeros (a zero mask hides them). */
export function stackInputs(requests: readonly (readonly Tensor[])[]): Tensor[] {
  const [first] = requests;
  if (!first) return [];
  return first.map((template, index) => {
    const tensors = requests.map((request) => request[index] ?? template);
    const rows = tensors.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
    const width = Math.max(...tensors.map(({ shape }) => shape[1] ?? 0));
    const values = allocate(template, rows * width);
    let row = 0;
    for (const tensor of tensors) {
      copyRows(tensor, values, { row, width });
      row += tensor.shape[0] ?? 0;
    }
    return { name: template.name, datatype: template.datatype, shape: [rows, width], values };
  });
}

/** Cuts the outputs of a stacked run back into one list per request. Every output's first axis is the batch. */
export function splitOutputs(outputs: readonly Tensor[], rowCounts: readonly number[]): Tensor[][] {
  let row = 0;
  return rowCounts.map((rows) => {
    const start = row;
    row += rows;
    return outputs.map((output) => {
      const stride = output.shape.slice(1).reduce((product, size) => product * size, 1);
      return {
        ...output,
        shape: [rows, ...output.shape.slice(1)],
        values: output.values.slice(start * stride, (start + rows) * stride),
      };
    });
  });
}

function allocate(template: Tensor, size: number): Tensor['values'] {
  if (template.datatype === 'INT64') return new BigInt64Array(size);
  return template.datatype === 'INT32' ? new Int32Array(size) : new Float32Array(size);
}

function copyRows(tensor: Tensor, target: Tensor['values'], place: { row: number; width: number }): void {
  const [rows = 0, length = 0] = tensor.shape;
  for (let r = 0; r < rows; r++) {
    const from = tensor.values.subarray(r * length, (r + 1) * length);
    // Source and target are allocated with the same datatype.
    (target as BigInt64Array).set(from as BigInt64Array, (place.row + r) * place.width);
  }
}
