import { dataTypes, describeNode, graphUnsupported, type OnnxGraph, type OnnxNode } from '../onnx/index.ts';
import { subgraphsOf } from './graph-values.ts';

/** Operators that compute with whole numbers of few bits: there is no weight left that a gradient could move. */
const quantized =
  /^(Q[A-Z]|DynamicQuantize|QuantizeLinear|DequantizeLinear|MatMulInteger|ConvInteger|MatMulNBits|MatMulBnb4|MatMulFpQ4|GatherBlockQuantized)/;

function findQuantized(graph: OnnxGraph): OnnxNode | undefined {
  for (const node of graph.node) {
    const found = isQuantized(node) ? node : subgraphsOf(node).map(findQuantized).find(Boolean);
    if (found) return found;
  }
  return undefined;
}

function isQuantized({ opType = '' }: OnnxNode): boolean {
  return opType !== 'QuickGelu' && quantized.test(opType);
}

/**
 * Refuses a model whose weights are no float32 values any more.
 * @throws StudioError GRAPH_UNSUPPORTED naming the node or weight and what to do instead.
 */
export function requireTrainable(graph: OnnxGraph): void {
  const node = findQuantized(graph);
  if (node)
    throw graphUnsupported(
      `The model is quantised (${describeNode(node)}): its rounded weights cannot be trained. Import the float export ` +
        'of the same model; an int8 variant for serving is made from it when a trained model is published',
    );
  const half = graph.initializer.find(
    ({ dataType }) => dataType === dataTypes.float16 || dataType === dataTypes.bfloat16,
  );
  if (half)
    throw graphUnsupported(
      `Weight ${half.name} holds 16-bit values: "studio model import" makes the float32 copies that training needs`,
    );
}
