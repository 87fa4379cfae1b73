import { dataTypes, elementCount, isOperator, type OnnxGraph, type OnnxNode } from '../onnx/index.ts';

/** A weight of a transformer layer, found by what the graph does with it (names may be opaque). */
export interface LayerWeight {
  name: string;
  dims: readonly number[];
  /** From 0, in the order of the attentions; a graph without attention counts every weight matrix as a layer. */
  layer: number;
  /** True for the 2-D right-hand side of a MatMul or Gemm. */
  isMatrix: boolean;
}

const vectorOperators = ['Add', 'Mul', 'Sub', 'LayerNormalization', 'SimplifiedLayerNormalization'];

/**
 * Trainable weights in graph order. Left out: embedding tables, what acts on embeddings before the first layer, constants.
 * Expects nodes in topological order and no Identity between a weight and its use (see `resolveAliases`).
 */
export function findLayerWeights(graph: OnnxGraph): LayerWeight[] {
  const facts = readGraph(graph);
  const heads = findHeads(graph, facts);
  const opened = assignLayers(graph, { facts, heads });
  const found = new Map<string, LayerWeight>();
  const add = (name: string, layer: number, isMatrix: boolean): void => {
    const dims = facts.weights.get(name);
    if (dims && !found.has(name)) found.set(name, { name, dims, layer: Math.max(0, layer), isMatrix });
  };
  const trained = findAfterMatrices(graph, facts);
  for (const node of graph.node) {
    const layer = opened.get(node) ?? -1;
    if (isWeightMatrix(node, facts)) {
      add(node.input[1] ?? '', layer, true);
      if (is(node, 'Gemm')) add(node.input[2] ?? '', layer, false);
    } else if (is(node, ...vectorOperators) && (trained.has(node) || heads.has(node))) {
      for (const name of node.input.filter((input) => isVector(facts.weights.get(input)))) add(name, layer, false);
    }
  }
  return [...found.values()];
}

interface GraphFacts {
  /** Dims of float weights with more than one value. */
  weights: Map<string, readonly number[]>;
  producers: Map<string, OnnxNode>;
  consumers: Map<string, OnnxNode[]>;
  /** Values that carry what the tokens mean, as opposed to masks, positions and shapes. */
  hidden: Set<string>;
}

function readGraph(graph: OnnxGraph): GraphFacts {
  const isWeight = (tensor: { dataType?: number; dims: number[] }) =>
    tensor.dataType === dataTypes.float && tensor.dims.length > 0 && elementCount(tensor.dims) > 1;
  const weights = new Map(graph.initializer.filter(isWeight).map((tensor) => [tensor.name ?? '', tensor.dims]));
  const producers = new Map<string, OnnxNode>();
  const consumers = new Map<string, OnnxNode[]>();
  for (const node of graph.node) {
    for (const output of node.output) producers.set(output, node);
    for (const input of new Set(node.input)) consumers.set(input, [...(consumers.get(input) ?? []), node]);
  }
  return { weights, producers, consumers, hidden: findHidden(graph, weights) };
}

function findHidden(graph: OnnxGraph, weights: ReadonlyMap<string, readonly number[]>): Set<string> {
  const floats = graph.input.filter((input) => input.type?.tensorType?.elemType === dataTypes.float);
  const hidden = new Set(floats.map((input) => input.name ?? ''));
  for (const node of graph.node) {
    const isLookup = is(node, 'Gather') && weights.get(node.input[0] ?? '')?.length === 2;
    if (isLookup || (!isShape(node) && node.input.some((input) => hidden.has(input)))) {
      for (const output of node.output) hidden.add(output);
    }
  }
  return hidden;
}

const is = (node: OnnxNode, ...opTypes: readonly string[]): boolean =>
  opTypes.some((opType) => isOperator(node, opType));

const isShape = (node: OnnxNode): boolean => is(node, 'Shape', 'Size');

const isVector = (dims: readonly number[] | undefined): boolean =>
  dims !== undefined && elementCount(dims) === (dims.at(-1) ?? 0);

function isWeightMatrix(node: OnnxNode, { weights, hidden }: GraphFacts): boolean {
  if (!is(node, 'MatMul', 'Gemm')) return false;
  return hidden.has(node.input[0] ?? '') && weights.get(node.input[1] ?? '')?.length === 2;
}

/** Nodes that open a layer: the query, key and value projections of each attention and a norm that only they read. */
function findHeads(graph: OnnxGraph, facts: GraphFacts): Map<OnnxNode, number> {
  const heads = new Map<OnnxNode, number>();
  const attentions = graph.node.filter((node) => is(node, 'Softmax') && facts.hidden.has(node.input[0] ?? ''));
  attentions.forEach((softmax, layer) => {
    const mix = findMix(softmax, facts);
    const projections = [softmax, ...(mix ? [mix] : [])].flatMap((node) => findProjections(node, softmax, facts));
    for (const node of projections) if (!heads.has(node)) heads.set(node, layer);
    extendHead({ heads, layer, facts }, projections);
  });
  if (attentions.length > 0) return heads;
  return new Map(graph.node.filter((node) => isWeightMatrix(node, facts)).map((node, layer) => [node, layer]));
}

/** The MatMul that mixes values by the attention weights. */
function findMix(softmax: OnnxNode, { consumers }: GraphFacts): OnnxNode | undefined {
  const queue = [...softmax.output];
  const seen = new Set<OnnxNode>();
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    for (const node of consumers.get(name) ?? []) {
      if (is(node, 'MatMul')) return node;
      if (!seen.has(node) && !isShape(node)) queue.push(...node.output);
      seen.add(node);
    }
  }
  return undefined;
}

function findProjections(from: OnnxNode, stop: OnnxNode, facts: GraphFacts): OnnxNode[] {
  const found: OnnxNode[] = [];
  const seen = new Set<OnnxNode>([from, stop]);
  const queue = [...from.input];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const node = facts.hidden.has(name) ? facts.producers.get(name) : undefined;
    if (!node || seen.has(node)) continue;
    seen.add(node);
    if (isWeightMatrix(node, facts)) found.push(node);
    else queue.push(...node.input);
  }
  return found;
}

function extendHead(
  { heads, layer, facts }: { heads: Map<OnnxNode, number>; layer: number; facts: GraphFacts },
  projections: readonly OnnxNode[],
): void {
  const queue = projections.flatMap((node) => node.input);
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const node = facts.hidden.has(name) ? facts.producers.get(name) : undefined;
    if (!node || heads.has(node) || is(node, 'Gather')) continue;
    const readers = node.output
      .flatMap((output) => facts.consumers.get(output) ?? [])
      .filter((reader) => !isShape(reader));
    if (!readers.every((reader) => heads.get(reader) === layer)) continue;
    heads.set(node, layer);
    queue.push(...node.input);
  }
}

/** The last layer opened before or at each node. */
function assignLayers(
  graph: OnnxGraph,
  { facts, heads }: { facts: GraphFacts; heads: ReadonlyMap<OnnxNode, number> },
): Map<OnnxNode, number> {
  const openedValues = new Map<string, number>();
  const opened = new Map<OnnxNode, number>();
  for (const node of graph.node) {
    const before = node.input.map((input) => (facts.hidden.has(input) ? (openedValues.get(input) ?? -1) : -1));
    const layer = Math.max(-1, heads.get(node) ?? -1, ...before);
    opened.set(node, layer);
    for (const output of node.output) openedValues.set(output, layer);
  }
  return opened;
}

function findAfterMatrices(graph: OnnxGraph, facts: GraphFacts): Set<OnnxNode> {
  const values = new Set<string>();
  const nodes = new Set<OnnxNode>();
  for (const node of graph.node) {
    if (!isWeightMatrix(node, facts) && !node.input.some((input) => values.has(input))) continue;
    nodes.add(node);
    if (!isShape(node)) for (const output of node.output) values.add(output);
  }
  return nodes;
}
