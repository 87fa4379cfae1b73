import { intAttribute, withAttribute } from './attributes.ts';
import { listTensors } from './model-codec.ts';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './model-types.ts';
import { dataTypes, makeTensor, tensorValues } from './tensor-values.ts';

function isHalf(dataType: number | undefined): boolean {
  return dataType === dataTypes.float16 || dataType === dataTypes.bfloat16;
}

/** A float16 pattern as the number it stands for. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 patterns are the upper halves of float32 ones. */
export function brainToFloats(values: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(values, (value) => value << 16).buffer);
}

function widenTensor(tensor: OnnxTensor): OnnxTensor {
  if (!isHalf(tensor.dataType)) return tensor;
  const patterns = Uint16Array.from(tensorValues(tensor), Number);
  const isBrain = tensor.dataType === dataTypes.bfloat16;
  const values = isBrain ? brainToFloats(patterns) : Float32Array.from(patterns, halfToFloat);
  return makeTensor(tensor.name ?? '', tensor.dims, values);
}

function widenNode(node: OnnxNode): OnnxNode {
  const attribute = node.attribute.map((item) => ({
    ...item,
    ...(item.t && { t: widenTensor(item.t) }),
    ...(item.g && { g: widenGraph(item.g) }),
  }));
  const widened = { ...node, attribute };
  return ['to', 'dtype'].reduce(
    (one, name) => (isHalf(intAttribute(one, name, 0)) ? withAttribute(one, name, dataTypes.float) : one),
    widened,
  );
}

function widenValue(value: OnnxValueInfo): OnnxValueInfo {
  const tensorType = value.type?.tensorType;
  if (!isHalf(tensorType?.elemType)) return value;
  return { ...value, type: { ...value.type, tensorType: { ...tensorType, elemType: dataTypes.float } } };
}

function widenGraph(graph: OnnxGraph): OnnxGraph {
  return {
    ...graph,
    node: graph.node.map(widenNode),
    initializer: graph.initializer.map(widenTensor),
    input: graph.input.map(widenValue),
    output: graph.output.map(widenValue),
    valueInfo: graph.valueInfo.map(widenValue),
  };
}

/**
 * A 16-bit model as float32, exactly: every float16 and bfloat16 value has its float32 twin. Training needs the range,
 * and a CPU computes in float32 anyway, so the wide model is also what is served. Other models come back as they are.
 */
export function widenHalf(model: OnnxModel): OnnxModel {
  const casts = model.graph.node.some((node) => isHalf(intAttribute(node, 'to', 0)));
  if (!casts && !listTensors(model.graph).some(({ dataType }) => isHalf(dataType))) return model;
  return { ...model, graph: widenGraph(model.graph) };
}
