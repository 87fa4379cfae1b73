export {
  type AttributeValue,
  attributeTypes,
  findAttribute,
  floatAttribute,
  intAttribute,
  intsAttribute,
  makeAttribute,
  textAttribute,
  withAttribute,
  withoutAttributes,
} from './attributes.ts';
export { GraphBuilder, type OperatorOptions } from './graph-builder.ts';
export { decodeModel, encodeModel } from './model-codec.ts';
export { graphUnsupported, modelInvalid } from './model-errors.ts';
export type {
  OnnxAttribute,
  OnnxDimension,
  OnnxGraph,
  OnnxKeyValue,
  OnnxModel,
  OnnxNode,
  OnnxOpsetImport,
  OnnxTensor,
  OnnxTensorType,
  OnnxValueInfo,
} from './model-types.ts';
export { describeNode, domainOf, isOperator, opsetOf } from './operator-set.ts';
export { patchInitializers } from './patch-initializers.ts';
export { modelBytesMax, readModelFile, requireTotal } from './read-model-file.ts';
export {
  dataTypes,
  elementCount,
  floatValues,
  makeTensor,
  runtimeTypeName,
  type TensorValues,
  tensorValues,
} from './tensor-values.ts';
export { makeValueInfo } from './value-info.ts';
export { brainToFloats, halfToFloat, widenHalf } from './widen-half.ts';
