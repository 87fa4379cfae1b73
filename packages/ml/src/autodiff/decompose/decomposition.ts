import { describeNode, type GraphBuilder, graphUnsupported, type OnnxNode } from '../../onnx/index.ts';
import type { RankOf } from './infer-ranks.ts';

/** One fused node and what its parts are written with. The last part's output is the node's own. */
export interface FusedNode {
  readonly node: OnnxNode;
  readonly builder: GraphBuilder;
  readonly rankOf: RankOf;
}

export type Decomposition = (fused: FusedNode) => void;

/** @throws StudioError GRAPH_UNSUPPORTED naming the node. */
export function refuseForm(node: OnnxNode, reason: string): never {
  throw graphUnsupported(`${describeNode(node)} cannot be taken apart for training: ${reason}`);
}

/** Refuses a node that uses one of these inputs. */
export function requireAbsent(node: OnnxNode, inputs: Readonly<Record<number, string>>): void {
  for (const [at, meaning] of Object.entries(inputs))
    if (node.input[Number(at)]) refuseForm(node, `it is given ${meaning}`);
}
