import {
  domainOf,
  type GraphBuilder,
  graphUnsupported,
  intAttribute,
  intsAttribute,
  isOperator,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  opsetOf,
  withAttribute,
  withoutAttributes,
} from '../onnx/index.ts';
import { createBuilder } from './graph-values.ts';
import { inlineConstants, untieInitializers } from './stored-values.ts';

/** The forms of this operator set are what the gradient rules read and write. */
const targetOpset = 20;
const oldestOpset = 11;
const irVersionOfTarget = 9;

const axesMovedAt13 = new Set(['Squeeze', 'Unsqueeze', 'ReduceSum']);
const flattenedBefore13 = new Set(['Softmax', 'LogSoftmax', 'Hardmax']);
const axesMovedAt18 = new Set(
  ['Mean', 'Max', 'Min', 'Prod', 'L1', 'L2', 'LogSum', 'LogSumExp', 'SumSquare'].map((name) => `Reduce${name}`),
);

/**
 * Rewrites a model for training: operator forms of opset 20, constants and shared weights as separate initializers.
 * For training graphs only; the file that is served keeps its own opset.
 */
export function upgradeOpset(model: OnnxModel): OnnxModel {
  const from = opsetOf(model);
  if (from < oldestOpset) {
    throw graphUnsupported(`The model uses opset ${from}; export it again with opset ${oldestOpset} or newer`);
  }
  const builder = createBuilder(model.graph, 'up');
  const upgraded = from < targetOpset ? upgradeGraph(model.graph, { from, builder }) : model.graph;
  const graph = { ...upgraded, initializer: [...upgraded.initializer, ...builder.initializers], valueInfo: [] };
  const others = model.opsetImport.filter((item) => domainOf(item) !== '');
  return {
    ...model,
    irVersion: Math.max(model.irVersion ?? 0, irVersionOfTarget),
    opsetImport: [{ domain: '', version: Math.max(from, targetOpset) }, ...others],
    graph: untieInitializers(inlineConstants(graph)),
  };
}

interface Upgrade {
  readonly from: number;
  readonly builder: GraphBuilder;
}

function upgradeGraph(graph: OnnxGraph, upgrade: Upgrade): OnnxGraph {
  return { ...graph, node: graph.node.flatMap((node) => upgradeNode(upgradeBodies(node, upgrade), upgrade)) };
}

function upgradeBodies(node: OnnxNode, upgrade: Upgrade): OnnxNode {
  if (!node.attribute.some((attribute) => attribute.g)) return node;
  const attribute = node.attribute.map((item) => (item.g ? { ...item, g: upgradeGraph(item.g, upgrade) } : item));
  return { ...node, attribute };
}

function upgradeNode(node: OnnxNode, { from, builder }: Upgrade): OnnxNode[] {
  const opType = node.opType ?? '';
  if (domainOf(node) !== '') return [node];
  if (from < 13 && axesMovedAt13.has(opType)) return [listToInput(node, 'axes', builder)];
  if (from < 13 && flattenedBefore13.has(opType)) return separateFlattening(node, builder);
  if (from < 18 && axesMovedAt18.has(opType)) return [listToInput(node, 'axes', builder)];
  if (from < 18 && isOperator(node, 'Split')) return [upgradeSplit(node, builder)];
  return [node];
}

function listToInput(node: OnnxNode, attribute: string, builder: GraphBuilder): OnnxNode {
  const values = intsAttribute(node, attribute);
  if (!values) return node;
  return { ...withoutAttributes(node, attribute), input: [node.input[0] ?? '', builder.int(values)] };
}

function upgradeSplit(node: OnnxNode, builder: GraphBuilder): OnnxNode {
  const sized = listToInput(node, 'split', builder);
  return sized.input.length > 1 ? sized : withAttribute(sized, 'num_outputs', sized.output.length);
}

// Before opset 13 the softmax family ran over all axes from `axis` on, seen as one.
function separateFlattening(node: OnnxNode, builder: GraphBuilder): OnnxNode[] {
  const axis = intAttribute(node, 'axis', 1);
  if (axis === -1) return [node];
  const [x = ''] = node.input;
  const before = builder.nodes.length;
  const shape = builder.op('Shape', [x]);
  const rows = builder.op('Flatten', [x], { attributes: { axis } });
  const result = builder.op(node.opType ?? '', [rows], { attributes: { axis: -1 } });
  builder.op('Reshape', [result, shape], { output: node.output[0] });
  return builder.nodes.slice(before);
}
