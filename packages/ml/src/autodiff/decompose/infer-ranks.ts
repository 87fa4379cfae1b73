import { intAttribute, intsAttribute, type OnnxGraph, type OnnxNode, tensorValues } from '../../onnx/index.ts';
import { initializersOf, producersOf } from '../graph-values.ts';

/** How many axes a value has, or undefined where the graph does not tell before it runs. */
export type RankOf = (name: string | undefined) => number | undefined;

const likeFirst = new Set(
  (
    'Abs BiasGelu Cast Clip CumSum Dropout Erf Exp FastGelu Gelu Identity LayerNormalization Log LogSoftmax Neg Not ' +
    'QuickGelu Relu Sigmoid SimplifiedLayerNormalization SkipLayerNormalization Slice Softmax Split Sqrt Tanh Concat'
  ).split(' '),
);
const likeWidest = new Set('Add And Div Equal FusedMatMul Greater Less MatMul Max Min Mul Or Pow Sub Where'.split(' '));

/** Reads ranks off the graph: inputs and weights have them, and most operators pass them on. */
export function createRankLookup(graph: OnnxGraph): RankOf {
  const producers = producersOf(graph);
  const initializers = initializersOf(graph);
  const inputs = new Map(graph.input.map((input) => [input.name, input.type?.tensorType?.shape?.dim.length]));
  const known = new Map<string, number | undefined>();

  const constant = (name: string | undefined): number[] | undefined => {
    const tensor = initializers.get(name ?? '');
    return tensor && Array.from(tensorValues(tensor), Number);
  };
  const rankOf: RankOf = (name) => {
    if (name === undefined || name === '') return undefined;
    if (known.has(name)) return known.get(name);
    // Stands for itself in a cycle, which a graph in order does not have.
    known.set(name, undefined);
    const node = producers.get(name);
    const rank = initializers.get(name)?.dims.length ?? inputs.get(name) ?? (node && ofNode(node, name));
    known.set(name, rank);
    return rank;
  };
  const changed = (from: string | undefined, by: number | undefined): number | undefined => {
    const rank = rankOf(from);
    return rank === undefined || by === undefined ? undefined : rank + by;
  };
  const ofNode = (node: OnnxNode, output: string): number | undefined => {
    const [x, second] = node.input;
    const opType = node.opType ?? '';
    if (likeFirst.has(opType)) return rankOf(x);
    if (likeWidest.has(opType)) return widest(node.input.map(rankOf));
    const axes = constant(second) ?? intsAttribute(node, 'axes');
    if (opType === 'Transpose') return intsAttribute(node, 'perm')?.length ?? rankOf(x);
    if (opType === 'Reshape' || opType === 'Expand') return constant(second)?.length;
    if (opType === 'Unsqueeze') return changed(x, axes?.length);
    if (opType === 'Squeeze') return changed(x, axes && -axes.length);
    if (opType === 'Gather') return changed(x, (rankOf(second) ?? Number.NaN) - 1) || undefined;
    if (opType === 'Gemm' || opType === 'FusedGemm') return 2;
    if (opType === 'Attention' || opType === 'MultiHeadAttention') return output === node.output[0] ? 3 : undefined;
    if (opType === 'EmbedLayerNormalization') return output === node.output[1] ? 1 : 3;
    if (opType.startsWith('Reduce'))
      return intAttribute(node, 'keepdims', 1) ? rankOf(x) : changed(x, axes && -axes.length);
    return opType === 'Shape' ? 1 : undefined;
  };
  return rankOf;
}

function widest(ranks: readonly (number | undefined)[]): number | undefined {
  return ranks.some((rank) => rank === undefined) ? undefined : Math.max(...ranks.map(Number));
}
