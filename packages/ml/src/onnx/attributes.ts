import { modelInvalid } from './model-errors.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor } from './model-types.ts';

export const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
} as const;

/** A plain number is an integer attribute and a plain list an integer list; floats say so. */
export type AttributeValue =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: OnnxTensor }
  | { readonly graph: OnnxGraph };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function makeAttribute(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { name, i: toInteger(name, value), type: attributeTypes.int };
  if (typeof value === 'string') return { name, s: encoder.encode(value), type: attributeTypes.string };
  if ('float' in value) return { name, f: value.float, type: attributeTypes.float };
  if ('floats' in value) return { name, floats: [...value.floats], type: attributeTypes.floats };
  if ('tensor' in value) return { name, t: value.tensor, type: attributeTypes.tensor };
  if ('graph' in value) return { name, g: value.graph, type: attributeTypes.graph };
  return { name, ints: value.map((item) => toInteger(name, item)), type: attributeTypes.ints };
}

function toInteger(name: string, value: number): bigint {
  if (Number.isSafeInteger(value)) return BigInt(value);
  throw modelInvalid(`Attribute ${name} is ${value}, not an integer: write { float: ${value} }`);
}

export function findAttribute(node: OnnxNode, name: string): OnnxAttribute | undefined {
  return node.attribute.find((attribute) => attribute.name === name);
}

/** An attribute without a value in the file is 0: writers may leave out the default. */
export function intAttribute(node: OnnxNode, name: string, fallback: number): number {
  const attribute = findAttribute(node, name);
  return attribute ? Number(attribute.i ?? 0n) : fallback;
}

export function floatAttribute(node: OnnxNode, name: string, fallback: number): number {
  const attribute = findAttribute(node, name);
  return attribute ? (attribute.f ?? 0) : fallback;
}

export function intsAttribute(node: OnnxNode, name: string): number[] | undefined {
  const attribute = findAttribute(node, name);
  return attribute && (attribute.ints ?? []).map(Number);
}

export function textAttribute(node: OnnxNode, name: string, fallback: string): string {
  const bytes = findAttribute(node, name)?.s;
  return bytes ? decoder.decode(bytes) : fallback;
}

/** The node with the attribute set or replaced; the given node stays as it is. */
export function withAttribute(node: OnnxNode, name: string, value: AttributeValue): OnnxNode {
  const others = node.attribute.filter((attribute) => attribute.name !== name);
  return { ...node, attribute: [...others, makeAttribute(name, value)] };
}

export function withoutAttributes(node: OnnxNode, ...names: string[]): OnnxNode {
  return { ...node, attribute: node.attribute.filter((attribute) => !names.includes(attribute.name ?? '')) };
}
