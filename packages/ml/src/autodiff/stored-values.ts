import {
  findAttribute,
  floatAttribute,
  intAttribute,
  intsAttribute,
  isOperator,
  makeTensor,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
} from '../onnx/index.ts';
import { initializersOf } from './graph-values.ts';

/** Turns Constant nodes into initializers, so that rules and patterns can look their values up. */
export function inlineConstants(graph: OnnxGraph): OnnxGraph {
  const initializer = [...graph.initializer];
  const node = graph.node.filter((item) => {
    const tensor = isOperator(item, 'Constant') ? constantTensor(item) : undefined;
    if (tensor) initializer.push(tensor);
    return tensor === undefined;
  });
  return { ...graph, node, initializer };
}

function constantTensor(node: OnnxNode): OnnxTensor | undefined {
  const name = node.output[0] ?? '';
  const tensor = findAttribute(node, 'value')?.t;
  if (tensor) return { ...tensor, name };
  const ints = intsAttribute(node, 'value_ints');
  if (ints) return makeTensor(name, [ints.length], BigInt64Array.from(ints.map(BigInt)));
  const floats = findAttribute(node, 'value_floats')?.floats;
  if (floats) return makeTensor(name, [floats.length], Float32Array.from(floats));
  if (findAttribute(node, 'value_int')) {
    return makeTensor(name, [], BigInt64Array.of(BigInt(intAttribute(node, 'value_int', 0))));
  }
  if (findAttribute(node, 'value_float'))
    return makeTensor(name, [], Float32Array.of(floatAttribute(node, 'value_float', 0)));
  return undefined;
}

/**
 * Gives each Identity copy of a weight its own initializer. Exporters store weights that happen to be equal once;
 * trained as one they would be held equal for ever. Values are views of the same bytes until they are written.
 */
export function untieInitializers(graph: OnnxGraph): OnnxGraph {
  const known = initializersOf(graph);
  const exposed = new Set(graph.output.map((output) => output.name));
  const initializer = [...graph.initializer];
  const node = graph.node.filter((item) => {
    const [source = ''] = item.input;
    const [name = ''] = item.output;
    const tensor = known.get(source);
    if (!isOperator(item, 'Identity') || !tensor || exposed.has(name)) return true;
    const copy = { ...tensor, name };
    known.set(name, copy);
    initializer.push(copy);
    return false;
  });
  return { ...graph, node, initializer };
}
