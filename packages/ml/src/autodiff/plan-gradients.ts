import {
  dataTypes,
  describeNode,
  graphUnsupported,
  intAttribute,
  isOperator,
  modelInvalid,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
} from '../onnx/index.ts';
import { initializersOf, producersOf, readsOf } from './graph-values.ts';
import { findRule, stopsGradient } from './rules/index.ts';

export interface GradientPlan {
  /** Nodes between the trainable weights and the loss, in forward order. */
  readonly path: readonly OnnxNode[];
  /** Values on that path, whose gradients are wanted. */
  readonly wanted: ReadonlySet<string>;
  readonly parameters: ReadonlyMap<string, OnnxTensor>;
}

/** Finds which nodes the gradient must pass. `graph.node` must be sorted. */
export function planGradients(graph: OnnxGraph, loss: string, trainable: readonly string[]): GradientPlan {
  const parameters = findParameters(graph, trainable);
  const moving = new Set(trainable);
  for (const node of graph.node) {
    if (blocks(node) || !readsOf(node).some((name) => moving.has(name))) continue;
    for (const name of node.output) if (name) moving.add(name);
  }
  if (!moving.has(loss)) throw graphUnsupported(`The loss ${loss} does not depend on any trainable weight`);
  const wanted = reachable(graph, loss, moving);
  const lost = trainable.find((name) => !wanted.has(name));
  if (lost !== undefined)
    throw graphUnsupported(`No gradient reaches the weight ${lost}: the loss does not depend on it`);
  const path = graph.node.filter((node) => node.output.some((name) => wanted.has(name)));
  for (const node of path) if (!findRule(node)) throw graphUnsupported(`No gradient rule for ${describeNode(node)}`);
  return { path, wanted, parameters };
}

function findParameters(graph: OnnxGraph, trainable: readonly string[]): Map<string, OnnxTensor> {
  const initializers = initializersOf(graph);
  return new Map(
    trainable.map((name) => {
      const tensor = initializers.get(name);
      if (!tensor) throw modelInvalid(`The model has no weight named ${name} that the loss depends on`);
      if (tensor.dataType !== dataTypes.float)
        throw graphUnsupported(`Weight ${name} is not float32 and cannot be trained`);
      return [name, tensor];
    }),
  );
}

function blocks(node: OnnxNode): boolean {
  return stopsGradient(node) || (isOperator(node, 'Cast') && !isFloating(intAttribute(node, 'to', 0)));
}

function isFloating(dataType: number): boolean {
  return dataType === dataTypes.float || dataType === dataTypes.double || dataType === dataTypes.float16;
}

function reachable(graph: OnnxGraph, loss: string, moving: ReadonlySet<string>): Set<string> {
  const producers = producersOf(graph);
  const wanted = new Set<string>();
  const pending = [loss];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (wanted.has(name)) continue;
    wanted.add(name);
    const node = producers.get(name);
    if (node) pending.push(...readsOf(node).filter((input) => moving.has(input)));
  }
  return wanted;
}
