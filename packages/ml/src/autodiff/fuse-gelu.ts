import { isOperator, type OnnxNode } from '../onnx/index.ts';
import type { PatternView } from './pattern-view.ts';

/** Recognises `x * 0.5 * (1 + erf(x / sqrt(2)))`, its factors in any order, from its last Mul; returns `x`. */
export function matchGelu(view: PatternView, last: OnnxNode): string | undefined {
  if (!isOperator(last, 'Mul')) return undefined;
  const factors = flattenProduct(view, last);
  if (factors.length !== 3) return undefined;
  const half = factors.findIndex((name) => view.isNear(name, 0.5));
  const rest = factors.filter((_, i) => i !== half);
  const [a = '', b = ''] = rest;
  if (half < 0) return undefined;
  if (matchErfTerm(view, b) === a) return a;
  return matchErfTerm(view, a) === b ? b : undefined;
}

/** The three factors of two nested products, or fewer when the node is no such product. */
function flattenProduct(view: PatternView, last: OnnxNode): string[] {
  for (const side of [0, 1]) {
    const inner = view.made(last.input[side], 'Mul');
    const factors = inner ? [...inner.input, last.input[1 - side] ?? ''] : [];
    if (factors.some((name) => view.isNear(name, 0.5)) && factors.some((name) => matchErfTerm(view, name)))
      return factors;
  }
  return [];
}

/** The `x` of `1 + erf(x / sqrt(2))`. */
function matchErfTerm(view: PatternView, name: string): string | undefined {
  const sum = view.pick(view.made(name, 'Add'), (part) => view.isNear(part, 1));
  const argument = view.made(sum?.other, 'Erf')?.input[0];
  const quotient = view.made(argument, 'Div');
  if (quotient) return view.isNear(quotient.input[1], Math.SQRT2) ? quotient.input[0] : undefined;
  return view.pick(view.made(argument, 'Mul'), (part) => view.isNear(part, Math.SQRT1_2))?.other;
}
