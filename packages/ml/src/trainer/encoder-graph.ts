import { StudioError } from '@embedding-studio/contracts';
import { isOperator, type OnnxGraph, type OnnxNode } from '../onnx/index.ts';

/** Lets nodes read a weight by the name under which the file stores it: exporters share equal weights through Identity. */
export function resolveAliases(graph: OnnxGraph): OnnxGraph {
  const stored = new Set(graph.initializer.map((tensor) => tensor.name ?? ''));
  const outputs = new Set(graph.output.map((output) => output.name ?? ''));
  const aliases = new Map<string, string>();
  const node = graph.node.filter((item) => {
    const [source = ''] = item.input;
    const root = aliases.get(source) ?? (stored.has(source) ? source : undefined);
    const [alias = ''] = item.output;
    if (!isOperator(item, 'Identity') || root === undefined || outputs.has(alias)) return true;
    aliases.set(alias, root);
    return false;
  });
  const rename = (name: string) => aliases.get(name) ?? name;
  return { ...graph, node: node.map((item) => ({ ...item, input: item.input.map(rename) })) };
}

export type TowerName = 'query' | 'item';

/** What a tower calls a value of the encoder. */
export const towerValue = (tower: TowerName, name: string): string => `${tower}:${name}`;

/**
 * One copy of the encoder's nodes whose values are named apart; initializers stay shared, so both towers train one set.
 * @throws StudioError GRAPH_UNSUPPORTED for control flow: its inner graphs would read values of the other tower.
 */
export function instantiateTower(graph: OnnxGraph, tower: TowerName): Pick<OnnxGraph, 'node' | 'input'> {
  const shared = new Set(graph.initializer.map((tensor) => tensor.name ?? ''));
  const rename = (name: string) => (name === '' || shared.has(name) ? name : towerValue(tower, name));
  const node = graph.node.map((item) => copyNode(item, tower, rename));
  const inputs = graph.input.filter((input) => !shared.has(input.name ?? ''));
  const input = inputs.map((item) => renameDimensions(tower, { ...item, name: rename(item.name ?? '') }));
  return { node, input };
}

function copyNode(item: OnnxNode, tower: TowerName, rename: (name: string) => string): OnnxNode {
  if (item.attribute.some((attribute) => attribute.g || attribute.graphs?.length)) {
    throw new StudioError(
      'GRAPH_UNSUPPORTED',
      `The graph has control flow (${item.opType} ${item.name ?? ''}): not trainable`,
    );
  }
  return {
    ...item,
    name: `${tower}:${item.name ?? ''}`,
    input: item.input.map(rename),
    output: item.output.map(rename),
  };
}

// Rows and columns differ between the towers, so their symbolic sizes must not share a name.
function renameDimensions(tower: TowerName, input: OnnxGraph['input'][number]): OnnxGraph['input'][number] {
  const tensorType = input.type?.tensorType;
  if (!tensorType?.shape) return input;
  const dim = tensorType.shape.dim.map((item) =>
    item.dimParam === undefined ? item : { ...item, dimParam: `${tower}_${item.dimParam}` },
  );
  return { ...input, type: { ...input.type, tensorType: { ...tensorType, shape: { ...tensorType.shape, dim } } } };
}
