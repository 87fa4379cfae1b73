import type { OnnxValueInfo } from './model-types.ts';

/** Describes a graph input or output; a text dimension is symbolic, such as `batch`. */
export function makeValueInfo(name: string, elemType: number, dims: readonly (number | string)[]): OnnxValueInfo {
  const dim = dims.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}
