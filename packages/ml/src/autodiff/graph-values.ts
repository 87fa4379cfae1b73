import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/index.ts';
import { GraphBuilder, graphUnsupported } from '../onnx/index.ts';

/** Who makes and who reads each value of a graph. */
export interface GraphValues {
  readonly producers: ReadonlyMap<string, OnnxNode>;
  readonly consumers: ReadonlyMap<string, readonly OnnxNode[]>;
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
}

export function indexValues(graph: OnnxGraph): GraphValues {
  const consumers = new Map<string, OnnxNode[]>();
  for (const node of graph.node) {
    for (const name of readsOf(node)) consumers.set(name, [...(consumers.get(name) ?? []), node]);
  }
  return { producers: producersOf(graph), consumers, initializers: initializersOf(graph) };
}

export function producersOf(graph: OnnxGraph): Map<string, OnnxNode> {
  return new Map(graph.node.flatMap((node) => node.output.filter(Boolean).map((name) => [name, node] as const)));
}

export function initializersOf(graph: OnnxGraph): Map<string, OnnxTensor> {
  return new Map(graph.initializer.map((tensor) => [tensor.name ?? '', tensor]));
}

/** Inputs of a node, and what the bodies of If and Loop nodes read from outside. */
export function readsOf(node: OnnxNode): string[] {
  const bodies = subgraphsOf(node);
  const outside = bodies.flatMap((body) =>
    body.node.flatMap(readsOf).concat(body.output.map((item) => item.name ?? '')),
  );
  return node.input.concat(outside).filter(Boolean);
}

export function subgraphsOf(node: OnnxNode): OnnxGraph[] {
  return node.attribute.flatMap((attribute) => [...(attribute.g ? [attribute.g] : []), ...(attribute.graphs ?? [])]);
}

/** Nodes ordered so that each comes after what it reads. @throws StudioError GRAPH_UNSUPPORTED on a cycle. */
export function sortNodes(graph: OnnxGraph): OnnxNode[] {
  const producers = producersOf(graph);
  const states = new Map<OnnxNode, 'open' | 'done'>();
  const sorted: OnnxNode[] = [];
  for (const root of graph.node) {
    const stack: OnnxNode[] = [root];
    for (let node = stack.at(-1); node; node = stack.at(-1)) {
      const waiting = states.get(node) === undefined ? pendingReads(node, { producers, states }) : [];
      if (states.get(node) === undefined) states.set(node, 'open');
      if (waiting.length > 0) {
        stack.push(...waiting);
        continue;
      }
      stack.pop();
      if (states.get(node) === 'open') sorted.push(node);
      states.set(node, 'done');
    }
  }
  return sorted;
}

function pendingReads(
  node: OnnxNode,
  { producers, states }: { producers: Map<string, OnnxNode>; states: Map<OnnxNode, 'open' | 'done'> },
): OnnxNode[] {
  const sources = readsOf(node).flatMap((name) => producers.get(name) ?? []);
  const open = sources.find((source) => source === node || states.get(source) === 'open');
  if (open) throw graphUnsupported(`The graph has a cycle through node ${open.name || open.output[0]}`);
  return sources.filter((source) => states.get(source) !== 'done');
}

/** The graph without nodes, weights and inputs that its outputs do not need. */
export function pruneGraph(graph: OnnxGraph): OnnxGraph {
  const producers = producersOf(graph);
  const values = new Set<string>();
  const nodes = new Set<OnnxNode>();
  const pending = graph.output.map((output) => output.name ?? '');
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (values.has(name)) continue;
    values.add(name);
    const node = producers.get(name);
    if (!node || nodes.has(node)) continue;
    nodes.add(node);
    pending.push(...readsOf(node));
  }
  return {
    ...graph,
    node: graph.node.filter((node) => nodes.has(node)),
    initializer: graph.initializer.filter((tensor) => values.has(tensor.name ?? '')),
    input: graph.input.filter((input) => values.has(input.name ?? '')),
    valueInfo: [],
  };
}

/** A builder whose names cannot meet names already in the graph. */
export function createBuilder(graph: OnnxGraph, purpose: string): GraphBuilder {
  const stored = graph.initializer.map((tensor) => tensor.name ?? '');
  const names = stored.concat(graph.node.flatMap((node) => [node.name ?? '', ...node.output]));
  let round = 0;
  while (names.some((name) => name.startsWith(`$${purpose}${round}_`))) round += 1;
  return new GraphBuilder(`$${purpose}${round}_`);
}
