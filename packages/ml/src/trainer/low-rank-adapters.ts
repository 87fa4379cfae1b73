import { GraphBuilder, intAttribute, isOperator, type OnnxGraph, type OnnxNode } from '../onnx/index.ts';
import type { LayerWeight } from './find-layer-weights.ts';
import { createSeededRandom } from './seeded-random.ts';

/** `W + scale · A · B` beside a frozen matrix W; A is [in, rank], B is [rank, out] and starts at zero. */
export interface LowRankAdapter {
  weight: string;
  down: string;
  up: string;
  scale: number;
  inputs: number;
  outputs: number;
  rank: number;
  /** The file stores W as [out, in] (Gemm with transB). */
  isTransposed: boolean;
}

export interface AdapterSettings {
  rank: number;
  alpha: number;
  seed: number;
}

/** Adds an adapter to every use of the given matrices. A matrix used twice has one adapter. */
export function addAdapters(
  graph: OnnxGraph,
  matrices: readonly LayerWeight[],
  settings: AdapterSettings,
): { graph: OnnxGraph; adapters: LowRankAdapter[] } {
  const wanted = new Map(matrices.map((matrix, index) => [matrix.name, { ...matrix, index }]));
  const adapters = new Map<string, LowRankAdapter>();
  const builder = new GraphBuilder('adapter:');
  const node = graph.node.flatMap((item) => {
    const matrix = isOperator(item, 'MatMul') || isOperator(item, 'Gemm') ? wanted.get(item.input[1] ?? '') : undefined;
    if (!matrix) return [item];
    const adapter = adapters.get(matrix.name) ?? createAdapter(item, matrix, settings);
    if (!adapters.has(matrix.name))
      initAdapter(builder, adapter, createSeededRandom(settings.seed, matrix.index).normal);
    adapters.set(matrix.name, adapter);
    return adaptNode(builder, item, adapter);
  });
  return {
    graph: { ...graph, node, initializer: [...graph.initializer, ...builder.initializers] },
    adapters: [...adapters.values()],
  };
}

function createAdapter(node: OnnxNode, matrix: LayerWeight, settings: AdapterSettings): LowRankAdapter {
  const isTransposed = isOperator(node, 'Gemm') && intAttribute(node, 'transB', 0) === 1;
  const [rows = 0, columns = 0] = matrix.dims;
  const [inputs, outputs] = isTransposed ? [columns, rows] : [rows, columns];
  const rank = Math.min(settings.rank, inputs, outputs);
  const names = { weight: matrix.name, down: `adapter:${matrix.name}:down`, up: `adapter:${matrix.name}:up` };
  return { ...names, scale: settings.alpha / settings.rank, inputs, outputs, rank, isTransposed };
}

function initAdapter(builder: GraphBuilder, adapter: LowRankAdapter, normal: () => number): void {
  const spread = 1 / Math.sqrt(adapter.inputs);
  const down = Float32Array.from({ length: adapter.inputs * adapter.rank }, () => normal() * spread);
  builder.init(adapter.down, [adapter.inputs, adapter.rank], down);
  builder.init(adapter.up, [adapter.rank, adapter.outputs], new Float32Array(adapter.rank * adapter.outputs));
}

function adaptNode(builder: GraphBuilder, node: OnnxNode, adapter: LowRankAdapter): OnnxNode[] {
  const [output = ''] = node.output;
  const frozen = `adapter:${output}:frozen`;
  const before = builder.nodes.length;
  const low = builder.op('MatMul', [node.input[0] ?? '', adapter.down]);
  const change = builder.op('Mul', [builder.op('MatMul', [low, adapter.up]), builder.float(adapter.scale)]);
  builder.op('Add', [frozen, change], { output });
  return [{ ...node, output: [frozen] }, ...builder.nodes.slice(before)];
}

/** The matrix with its adapter folded in, as the file stores it. */
export function mergeAdapter(
  adapter: LowRankAdapter,
  weight: Float32Array,
  { down, up }: { down: Float32Array; up: Float32Array },
): Float32Array {
  const { inputs, outputs, rank, scale, isTransposed } = adapter;
  const merged = Float32Array.from(weight);
  for (let i = 0; i < inputs; i += 1) {
    for (let o = 0; o < outputs; o += 1) {
      let sum = 0;
      for (let r = 0; r < rank; r += 1) sum += (down[i * rank + r] as number) * (up[r * outputs + o] as number);
      const at = isTransposed ? o * inputs + i : i * outputs + o;
      merged[at] = (merged[at] as number) + scale * sum;
    }
  }
  return merged;
}
