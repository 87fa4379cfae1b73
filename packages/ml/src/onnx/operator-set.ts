import { modelInvalid } from './model-errors.ts';
import type { OnnxModel, OnnxNode } from './model-types.ts';

/** The operator domain with its two spellings of the standard one folded into ''. */
export function domainOf(node: { domain?: string }): string {
  return !node.domain || node.domain === 'ai.onnx' ? '' : node.domain;
}

/** True for an operator of the standard domain with this name. */
export function isOperator(node: OnnxNode | undefined, opType: string): node is OnnxNode {
  return node !== undefined && node.opType === opType && domainOf(node) === '';
}

/** The version of the standard operator set the model asks for. */
export function opsetOf(model: OnnxModel): number {
  const entry = model.opsetImport.find((item) => domainOf(item) === '');
  if (entry?.version === undefined) throw modelInvalid('The model names no version of the standard operator set');
  return entry.version;
}

/** `domain::Operator (node name)`, for messages. */
export function describeNode(node: OnnxNode): string {
  const name = node.name || `with output ${node.output[0] ?? '(none)'}`;
  return `${domainOf(node) || 'ai.onnx'}::${node.opType ?? ''} (node ${name})`;
}
