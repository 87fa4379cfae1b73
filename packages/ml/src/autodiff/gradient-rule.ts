import type { StudioError } from '@embedding-studio/contracts';
import { describeNode, graphUnsupported, type OnnxNode } from '../onnx/index.ts';
import type { GradientContext } from './gradient-context.ts';

/** Given the gradients of a node's outputs (absent: zero), adds nodes and returns the gradients of its inputs. */
export type GradientRule = (
  ctx: GradientContext,
  node: OnnxNode,
  outputGradients: readonly (string | undefined)[],
) => (string | undefined)[];

export interface UnaryCase {
  readonly x: string;
  readonly y: string;
  /** Gradient of `y`. */
  readonly dy: string;
  readonly node: OnnxNode;
}

/** A rule for operators whose first input alone has a gradient. */
export function unary(gradient: (ctx: GradientContext, at: UnaryCase) => string): GradientRule {
  return (ctx, node, [dy]) => {
    const { x, y } = endsOf(node);
    return dy !== undefined && ctx.needs(x) ? [gradient(ctx, { x, y, dy, node })] : [];
  };
}

export interface ElementwiseCase {
  readonly a: string;
  readonly b: string;
  readonly y: string;
  readonly dy: string;
  readonly node: OnnxNode;
}

/** A rule for broadcasting operators: one thunk per input, run only when its gradient is wanted. */
export function elementwise(
  gradients: (ctx: GradientContext, at: ElementwiseCase) => readonly ((() => string) | undefined)[],
): GradientRule {
  return (ctx, node, [dy]) => {
    if (dy === undefined) return [];
    const { x, y } = endsOf(node);
    const thunks = gradients(ctx, { a: x, b: node.input[1] ?? '', y, dy, node });
    return node.input.map((input, i) => {
      const gradient = thunks[i];
      return gradient && ctx.needs(input) ? ctx.reduceTo(gradient(), ctx.dims(y), input) : undefined;
    });
  };
}

function endsOf(node: OnnxNode): { x: string; y: string } {
  return { x: node.input[0] ?? '', y: node.output[0] ?? '' };
}

/** The axis counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

export function unsupportedForm(node: OnnxNode, reason: string): StudioError {
  return graphUnsupported(`No gradient for this form of ${describeNode(node)}: ${reason}`);
}
