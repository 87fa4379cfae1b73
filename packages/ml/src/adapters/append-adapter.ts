import type { LinearAdapter } from '@embedding-studio/contracts';
import {
  dataTypes,
  decodeModel,
  encodeModel,
  GraphBuilder,
  graphUnsupported,
  type OnnxGraph,
  type OnnxNode,
  opsetOf,
} from '../onnx/index.ts';

/** From here on the axes of ReduceSum are an input. */
const axesAsInput = 13;
const floor = 1e-12;

/**
 * The encoder with the adapter behind its output: the same inputs, the same output name, moved vectors of unit length.
 * @throws StudioError GRAPH_UNSUPPORTED when the output is not float32 or no node makes it.
 */
export function appendAdapter(
  file: Uint8Array,
  { adapter, output }: { adapter: LinearAdapter; output: string },
): Uint8Array {
  const model = decodeModel(file);
  const { graph } = model;
  const described = graph.output.find(({ name }) => name === output);
  if (described?.type?.tensorType?.elemType !== dataTypes.float)
    throw graphUnsupported(`An adapter follows a float32 output; ${output} is none`);
  const prefix = freePrefix(graph);
  const encoded = `${prefix}encoded`;
  const node = graph.node.map((item) => renameOutput(item, output, encoded));
  if (!node.some((item) => item.output.includes(encoded))) throw graphUnsupported(`No node makes the output ${output}`);
  const added = buildAdapter({ prefix, adapter, input: encoded, output, opset: opsetOf(model) });
  return encodeModel({
    ...model,
    graph: {
      ...graph,
      node: [...node, ...added.nodes],
      initializer: [...graph.initializer, ...added.initializers],
    },
  });
}

/** An encoder may have been given an adapter before: names stay apart. */
function freePrefix({ initializer }: OnnxGraph): string {
  const taken = initializer.filter(({ name }) => /^adapter\d*:u$/.test(name ?? '')).length;
  return taken === 0 ? 'adapter:' : `adapter${taken + 1}:`;
}

function renameOutput(node: OnnxNode, from: string, to: string): OnnxNode {
  const rename = (name: string) => (name === from ? to : name);
  return { ...node, input: node.input.map(rename), output: node.output.map(rename) };
}

function buildAdapter(options: {
  prefix: string;
  adapter: LinearAdapter;
  input: string;
  output: string;
  opset: number;
}): GraphBuilder {
  const { prefix, adapter, input, output, opset } = options;
  const { dims, rank } = adapter;
  const g = new GraphBuilder(prefix);
  const v = g.init(`${prefix}v`, [dims, rank], adapter.v);
  const u = g.init(`${prefix}u`, [dims, rank], adapter.u);
  const down = g.op('MatMul', [input, v]);
  const up = g.op('MatMul', [down, g.op('Transpose', [u], { attributes: { perm: [1, 0] } })]);
  const bias = g.init(`${prefix}b`, [dims], adapter.bias);
  const sum = g.op('Add', [g.op('Add', [input, up]), bias]);
  const square = g.op('Mul', [sum, sum]);
  const total =
    opset >= axesAsInput
      ? g.op('ReduceSum', [square, g.int([-1])], { attributes: { keepdims: 1 } })
      : g.op('ReduceSum', [square], { attributes: { axes: [-1], keepdims: 1 } });
  g.op('Div', [sum, g.op('Sqrt', [g.op('Add', [total, g.float(floor)])])], { output });
  return g;
}
