import { domainOf, type OnnxGraph, type OnnxNode } from '../../onnx/index.ts';
import { createBuilder } from '../graph-values.ts';
import { fastGelu, gelu, quickGelu } from './activations.ts';
import { attention, multiHeadAttention } from './attention.ts';
import type { Decomposition } from './decomposition.ts';
import { createRankLookup } from './infer-ranks.ts';
import {
  embedLayerNormalization,
  simplifiedLayerNormalization,
  skipLayerNormalization,
  skipSimplifiedLayerNormalization,
} from './normalization.ts';
import { fusedGemm, fusedMatMul } from './products.ts';

/** Operators of ONNX Runtime's own that optimized exports carry, in terms of standard ones. */
const decompositions: Readonly<Record<string, Decomposition>> = {
  Attention: attention,
  BiasGelu: gelu,
  EmbedLayerNormalization: embedLayerNormalization,
  FastGelu: fastGelu,
  FusedGemm: fusedGemm,
  FusedMatMul: fusedMatMul,
  Gelu: gelu,
  MultiHeadAttention: multiHeadAttention,
  QuickGelu: quickGelu,
  SimplifiedLayerNormalization: simplifiedLayerNormalization,
  SkipLayerNormalization: skipLayerNormalization,
  SkipSimplifiedLayerNormalization: skipSimplifiedLayerNormalization,
  TransposeMatMul: fusedMatMul,
};

// ONNX Runtime writes this one of its own into the standard domain.
const misplaced = 'SimplifiedLayerNormalization';

function findDecomposition(node: OnnxNode): Decomposition | undefined {
  const isOwn = domainOf(node) === 'com.microsoft' || node.opType === misplaced;
  return isOwn ? decompositions[node.opType ?? ''] : undefined;
}

/** Fused operators that can be taken apart, sorted. */
export function listFusedOperators(): string[] {
  return Object.keys(decompositions).sort();
}

export function decomposeContrib(graph: OnnxGraph): OnnxGraph {
  const builder = createBuilder(graph, 'std');
  const rankOf = createRankLookup(graph);
  const node = graph.node.flatMap((item) => {
    const decompose = findDecomposition(item);
    if (!decompose) return [item];
    const before = builder.nodes.length;
    decompose({ node: item, builder, rankOf });
    return builder.nodes
      .slice(before)
      .map((made) => ({ ...made, name: `${item.name || item.output[0]}/${made.name}` }));
  });
  return { ...graph, node, initializer: [...graph.initializer, ...builder.initializers] };
}
