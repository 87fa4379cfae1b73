import type { OnnxGraph, OnnxNode } from '../onnx/index.ts';
import { matchGelu } from './fuse-gelu.ts';
import { matchLayerNorm } from './fuse-layer-norm.ts';
import { createBuilder, pruneGraph } from './graph-values.ts';
import { PatternView } from './pattern-view.ts';

/**
 * Replaces LayerNorm and erf-GELU that exporters wrote out in small steps by one node each: the backward graph gets
 * shorter and needs less memory. Values that are graph outputs keep their names.
 */
export function fusePatterns(graph: OnnxGraph): OnnxGraph {
  const view = new PatternView(graph);
  const builder = createBuilder(graph, 'fuse');
  const node = graph.node.map((item) => fuseNode(item, { view, builder }) ?? item);
  return { ...pruneGraph({ ...graph, node }), input: graph.input };
}

function fuseNode(
  last: OnnxNode,
  { view, builder }: { view: PatternView; builder: ReturnType<typeof createBuilder> },
): OnnxNode | undefined {
  const output = last.output[0];
  const norm = matchLayerNorm(view, last);
  if (norm) {
    const attributes = { axis: -1, epsilon: { float: norm.epsilon } };
    builder.op('LayerNormalization', [norm.x, norm.scale, norm.shift], { attributes, output });
    return builder.nodes.at(-1);
  }
  const x = matchGelu(view, last);
  if (x === undefined) return undefined;
  builder.op('Gelu', [x], { attributes: { approximate: 'none' }, output });
  return builder.nodes.at(-1);
}
