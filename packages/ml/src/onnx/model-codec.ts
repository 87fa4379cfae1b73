import { decodeMessage } from './decode-message.ts';
import { encodeMessage } from './encode-message.ts';
import { graphUnsupported, modelInvalid } from './model-errors.ts';
import type { OnnxGraph, OnnxModel, OnnxTensor } from './model-types.ts';
import { WireReader } from './wire-reader.ts';

/**
 * Reads an .onnx file. Raw tensor data are views into `bytes`, not copies.
 * @throws StudioError MODEL_INVALID on a malformed file or one without a graph; GRAPH_UNSUPPORTED on tensors kept in
 * external files (`readModelFile` reads those too).
 */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const model = decodeWithExternal(bytes);
  for (const tensor of listTensors(model.graph)) refuseExternal(tensor);
  return model;
}

/** The model with external tensors still without their values. */
export function decodeWithExternal(bytes: Uint8Array): OnnxModel {
  const model = decodeMessage(new WireReader(bytes), 'Model') as unknown as OnnxModel;
  if (!model.graph) throw modelInvalid('Not a readable ONNX file: it has no graph');
  if (model.opsetImport.length === 0) throw modelInvalid('Not a readable ONNX file: it names no operator set');
  return model;
}

/** Writes a model, fields unknown to this codec included. Equal in meaning to its source, not always in bytes. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return encodeMessage('Model', model as unknown as Record<string, unknown>);
}

/** Every tensor of a graph: weights, constants, and those of inner graphs. */
export function listTensors(graph: OnnxGraph): OnnxTensor[] {
  const attributes = graph.node.flatMap((node) => node.attribute);
  return [
    ...graph.initializer,
    ...attributes.flatMap((attribute) => [
      ...(attribute.t ? [attribute.t] : []),
      ...(attribute.tensors ?? []),
      ...[...(attribute.g ? [attribute.g] : []), ...(attribute.graphs ?? [])].flatMap(listTensors),
    ]),
  ];
}

export function isExternal(tensor: OnnxTensor): boolean {
  return Boolean(tensor.dataLocation) || (tensor.externalData?.length ?? 0) > 0;
}

// The location is shown but not opened here: it comes from the file and may point anywhere.
function refuseExternal(tensor: OnnxTensor): void {
  if (!isExternal(tensor)) return;
  const location = tensor.externalData?.find((entry) => entry.key === 'location')?.value ?? '';
  const shown = JSON.stringify(location.slice(0, 80));
  throw graphUnsupported(
    `Tensor ${tensor.name || '(unnamed)'} keeps its values in an external file (${shown}): save the model as one file`,
  );
}
