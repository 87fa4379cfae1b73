import { decodeModel } from './model-codec.ts';
import { graphUnsupported, modelInvalid } from './model-errors.ts';
import type { OnnxModel, OnnxTensor } from './model-types.ts';
import { isOperator } from './operator-set.ts';
import { dataTypes, elementCount, runtimeTypeName } from './tensor-values.ts';

/**
 * Replaces weights inside an .onnx file at their byte offsets. Every other byte of the file stays as it was.
 * Weights held by Constant nodes are addressed by the node's output name.
 * @throws StudioError MODEL_INVALID when a name is unknown or a size differs; GRAPH_UNSUPPORTED when a weight is not
 * stored as raw float32.
 */
export function patchInitializers(file: Uint8Array, weights: ReadonlyMap<string, Float32Array>): Uint8Array {
  const model = decodeModel(file);
  const stored = weightsByName(model);
  const patched = new Uint8Array(file);
  const view = new DataView(patched.buffer);
  for (const [name, values] of weights) {
    const offset = findOffset({ model, stored, name }, values.length);
    for (let i = 0; i < values.length; i += 1) view.setFloat32(offset + i * 4, values[i] ?? 0, true);
  }
  return patched;
}

function weightsByName(model: OnnxModel): Map<string, OnnxTensor> {
  const stored = new Map(model.graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
  for (const node of model.graph.node) {
    const value = isOperator(node, 'Constant') ? node.attribute.find((item) => item.name === 'value')?.t : undefined;
    if (value) stored.set(node.output[0] ?? '', value);
  }
  return stored;
}

function findOffset(
  { model, stored, name }: { model: OnnxModel; stored: Map<string, OnnxTensor>; name: string },
  count: number,
): number {
  const tensor = stored.get(name);
  if (!tensor) throw modelInvalid(describeMissing(model, name));
  if (tensor.dataType !== dataTypes.float) {
    const type = runtimeTypeName(tensor.dataType) ?? `type ${tensor.dataType}`;
    throw graphUnsupported(`Weight ${name} holds ${type} values: only float32 weights can be replaced in a file`);
  }
  const expected = elementCount(tensor.dims);
  if (count !== expected) {
    throw modelInvalid(`Weight ${name} has ${expected} values ([${tensor.dims.join(', ')}]) but ${count} were given`);
  }
  if (tensor.rawOffset === undefined || tensor.rawData?.length !== count * 4) {
    throw graphUnsupported(`Weight ${name} is not stored as raw bytes and cannot be replaced in place`);
  }
  return tensor.rawOffset;
}

function describeMissing(model: OnnxModel, name: string): string {
  const alias = model.graph.node.find((node) => isOperator(node, 'Identity') && node.output[0] === name);
  if (!alias) return `The model has no weight named ${name}`;
  return `Weight ${name} shares the stored values of ${alias.input[0]}: separate them with untieInitializers first`;
}
