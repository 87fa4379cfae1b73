import { intAttribute, isOperator, type OnnxNode } from '../onnx/index.ts';
import type { PatternView } from './pattern-view.ts';

export interface LayerNormMatch {
  readonly x: string;
  readonly scale: string;
  readonly shift: string;
  readonly epsilon: number;
}

/** Recognises `(x - mean) / sqrt(variance + epsilon) * scale + shift` over the last axis, from its last Add. */
export function matchLayerNorm(view: PatternView, last: OnnxNode): LayerNormMatch | undefined {
  if (!isOperator(last, 'Add')) return undefined;
  const isVector = (name: string) => view.dims(name)?.length === 1;
  const shifted = view.pick(last, isVector);
  const scaled = view.pick(view.made(shifted?.other, 'Mul'), isVector);
  const divided = view.made(scaled?.other, 'Div');
  if (!shifted || !scaled || !divided) return undefined;
  const [centred, deviation] = divided.input;
  const x = matchCentred(view, centred);
  if (x === undefined) return undefined;
  const epsilon = matchDeviation(view, { x, deviation });
  return epsilon === undefined ? undefined : { x, scale: scaled.found, shift: shifted.found, epsilon };
}

/** The `x` of `x - mean(x)`. */
function matchCentred(view: PatternView, name: string | undefined): string | undefined {
  const [x, mean] = view.made(name, 'Sub')?.input ?? [];
  return x !== undefined && matchLastAxisMean(view, mean) === x ? x : undefined;
}

/** The `x` of a mean over the last axis that keeps the axis. */
function matchLastAxisMean(view: PatternView, name: string | undefined): string | undefined {
  const node = view.made(name, 'ReduceMean');
  if (!node || intAttribute(node, 'keepdims', 1) !== 1) return undefined;
  const axes = view.ints(node.input[1]);
  return axes?.length === 1 && axes[0] === -1 ? node.input[0] : undefined;
}

function matchDeviation(
  view: PatternView,
  { x, deviation }: { x: string; deviation: string | undefined },
): number | undefined {
  const root = view.made(deviation, 'Sqrt');
  const sum = view.pick(view.made(root?.input[0], 'Add'), (name) => view.scalar(name) !== undefined);
  const square = matchLastAxisMean(view, sum?.other);
  if (!sum || matchSquared(view, square) !== x) return undefined;
  return view.scalar(sum.found);
}

function matchSquared(view: PatternView, name: string | undefined): string | undefined {
  const power = view.made(name, 'Pow');
  if (power && view.isNear(power.input[1], 2)) return matchCentred(view, power.input[0]);
  const product = view.made(name, 'Mul');
  return product && product.input[0] === product.input[1] ? matchCentred(view, product.input[0]) : undefined;
}
