import { floatAttribute, intAttribute, type OnnxNode } from '../../onnx/index.ts';
import type { GradientContext } from '../gradient-context.ts';
import { type GradientRule, unsupportedForm } from '../gradient-rule.ts';

interface Product {
  readonly a: string;
  readonly b: string;
  readonly y: string;
  readonly dy: string;
}

const matMul: GradientRule = (ctx, node, [dy]) => {
  const [a = '', b = ''] = node.input;
  if (dy === undefined) return [];
  if (ctx.rank(a) < 2 || ctx.rank(b) < 2) throw unsupportedForm(node, 'an operand with one axis');
  const at = { a, b, y: node.output[0] ?? '', dy };
  return ctx.rank(b) === 2 ? weightProduct(ctx, at) : batchedProduct(ctx, at);
};

/** Activations times one matrix: all rows as one large product. */
function weightProduct(ctx: GradientContext, { a, b, dy }: Product): (string | undefined)[] {
  const rows = flattenRows(ctx, dy, ctx.sizesOf(b, [1]), ctx.rank(a));
  const left = () => {
    const gradient = ctx.graph.op('Gemm', [rows, b], { attributes: { transB: 1 } });
    return ctx.rank(a) === 2 ? gradient : ctx.reshapeLike(gradient, a);
  };
  const right = () => {
    const inputs = flattenRows(ctx, a, ctx.sizesOf(b, [0]), ctx.rank(a));
    return ctx.graph.op('Gemm', [inputs, rows], { attributes: { transA: 1 } });
  };
  return [ctx.needs(a) ? left() : undefined, ctx.needs(b) ? right() : undefined];
}

function flattenRows(ctx: GradientContext, value: string, ...[width, rank]: [string, number]): string {
  if (rank === 2) return value;
  const shape = ctx.graph.op('Concat', [ctx.graph.int([-1]), width], { attributes: { axis: 0 } });
  return ctx.graph.op('Reshape', [value, shape]);
}

function batchedProduct(ctx: GradientContext, { a, b, y, dy }: Product): (string | undefined)[] {
  const batch = ctx.dims(y).slice(0, -2);
  const left = () => {
    const gradient = ctx.graph.op('MatMul', [dy, swapLast(ctx, b)]);
    return ctx.reduceTo(gradient, [...batch, ...ctx.dims(a).slice(-2)], a);
  };
  const right = () => {
    const gradient = ctx.graph.op('MatMul', [swapLast(ctx, a), dy]);
    return ctx.reduceTo(gradient, [...batch, ...ctx.dims(b).slice(-2)], b);
  };
  return [ctx.needs(a) ? left() : undefined, ctx.needs(b) ? right() : undefined];
}

function swapLast(ctx: GradientContext, name: string): string {
  const rank = ctx.rank(name);
  const lead = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return ctx.graph.op('Transpose', [name], { attributes: { perm: [...lead, rank - 1, rank - 2] } });
}

const gemm: GradientRule = (ctx, node, [dy]) => {
  const [a = '', b = '', c] = node.input;
  if (dy === undefined) return [];
  const transA = intAttribute(node, 'transA', 0);
  const transB = intAttribute(node, 'transB', 0);
  const multiply = (inputs: [string, string], ...[first, second]: [number, number]) => {
    const alpha = { float: floatAttribute(node, 'alpha', 1) };
    return ctx.graph.op('Gemm', inputs, { attributes: { transA: first, transB: second, alpha } });
  };
  const left = () => (transA ? multiply([b, dy], transB, 1) : multiply([dy, b], 0, 1 - transB));
  const right = () => (transB ? multiply([dy, a], 1, transA) : multiply([a, dy], 1 - transA, 0));
  return [
    ctx.needs(a) ? left() : undefined,
    ctx.needs(b) ? right() : undefined,
    c && ctx.needs(c) ? addendGradient(ctx, { node, dy, c }) : undefined,
  ];
};

function addendGradient(ctx: GradientContext, { node, dy, c }: { node: OnnxNode; dy: string; c: string }): string {
  return ctx.reduceTo(ctx.scale(dy, floatAttribute(node, 'beta', 1)), ctx.dims(node.output[0] ?? ''), c);
}

export const productRules: Readonly<Record<string, GradientRule>> = { MatMul: matMul, Gemm: gemm };
