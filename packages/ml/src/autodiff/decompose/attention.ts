import { dataTypes, findAttribute, floatAttribute, intAttribute, intsAttribute } from '../../onnx/index.ts';
import { type Decomposition, type FusedNode, refuseForm, requireAbsent } from './decomposition.ts';

interface Projections {
  readonly query: string;
  readonly key: string;
  readonly value: string;
}

interface Masks {
  readonly padding: string | undefined;
  readonly bias: string | undefined;
}

/** Self-attention with one matrix for query, key and value. */
export const attention: Decomposition = (fused) => {
  const { node, builder } = fused;
  const [x = '', weights = '', bias, padding, , extra] = node.input;
  requireAbsent(node, { 4: 'a past state' });
  if (node.output[1]) refuseForm(node, 'it hands out a present state');
  if (intAttribute(node, 'do_rotary', 0) !== 0) refuseForm(node, 'it rotates its positions');
  const product = builder.op('MatMul', [x, weights]);
  const projected = bias ? builder.op('Add', [product, bias]) : product;
  const sizes = intsAttribute(node, 'qkv_hidden_sizes');
  const attributes = { axis: -1, num_outputs: sizes ? undefined : 3 };
  const inputs = sizes ? [projected, builder.int(sizes)] : [projected];
  const [query = '', key = '', value = ''] = builder.ops('Split', inputs, { attributes, count: 3 });
  mix(fused, { query, key, value }, { padding, bias: extra });
};

/** Attention over projections that are already there; self-attention and cross-attention. */
export const multiHeadAttention: Decomposition = (fused) => {
  const { node, rankOf } = fused;
  const [query = '', key = '', value = '', bias, padding, extra] = node.input;
  requireAbsent(node, { 6: 'a past state', 7: 'a past state' });
  if (node.output[1] || node.output[2]) refuseForm(node, 'it hands out a present state');
  if (!key || !value) refuseForm(node, 'its projections are packed into one tensor');
  if ([query, key, value].some((name) => (rankOf(name) ?? 3) !== 3))
    refuseForm(node, 'a projection has not three axes');
  mix(fused, addBiases(fused, { query, key, value }, bias), { padding, bias: extra });
};

/** One vector holds the biases of query, key and value, all of one size. */
function addBiases({ builder }: FusedNode, projected: Projections, bias: string | undefined): Projections {
  if (!bias) return projected;
  const attributes = { axis: 0, num_outputs: 3 };
  const [query = '', key = '', value = ''] = builder.ops('Split', [bias], { attributes, count: 3 });
  return {
    query: builder.op('Add', [projected.query, query]),
    key: builder.op('Add', [projected.key, key]),
    value: builder.op('Add', [projected.value, value]),
  };
}

function mix(fused: FusedNode, { query, key, value }: Projections, masks: Masks): void {
  const { builder, node } = fused;
  const q = splitHeads(fused, query, [0, 2, 1, 3]);
  const scaled = builder.op('Mul', [
    builder.op('MatMul', [q, splitHeads(fused, key, [0, 2, 3, 1])]),
    scaleOf(fused, q),
  ]);
  let scores = scaled;
  if (masks.bias) scores = builder.op('Add', [scores, masks.bias]);
  if (masks.padding) scores = builder.op('Add', [scores, paddingBias(fused, masks.padding, scaled)]);
  if (intAttribute(node, 'unidirectional', 0) !== 0) scores = builder.op('Add', [scores, causalBias(fused, scaled)]);
  const weights = builder.op('Softmax', [scores], { attributes: { axis: -1 } });
  const mixed = builder.op('MatMul', [weights, splitHeads(fused, value, [0, 2, 1, 3])]);
  const merged = builder.op('Transpose', [mixed], { attributes: { perm: [0, 2, 1, 3] } });
  builder.op('Reshape', [merged, builder.int([0, 0, -1])], { output: node.output[0] });
}

function splitHeads({ builder, node }: FusedNode, x: string, perm: number[]): string {
  const heads = intAttribute(node, 'num_heads', 0);
  if (heads < 1) refuseForm(node, 'it does not say its number of heads');
  const split = builder.op('Reshape', [x, builder.int([0, 0, heads, -1])]);
  return builder.op('Transpose', [split], { attributes: { perm } });
}

/** 1/sqrt of a head's size, read off the query [batch, heads, seq, size], unless the node says another scale. */
function scaleOf({ builder, node }: FusedNode, query: string): string {
  const given = findAttribute(node, 'scale') ? floatAttribute(node, 'scale', 0) : 0;
  if (given !== 0) return builder.float(given);
  const size = builder.op('Gather', [builder.op('Shape', [query]), builder.int(3)], { attributes: { axis: 0 } });
  const root = builder.op('Sqrt', [builder.op('Cast', [size], { attributes: { to: dataTypes.float } })]);
  return builder.op('Div', [builder.float(1), root]);
}

/** Number of columns of the scores [batch, heads, rows, columns], or of rows: int64 scalar. */
function sizeOf({ builder }: FusedNode, scores: string, axis: 2 | 3): string {
  return builder.op('Gather', [builder.op('Shape', [scores]), builder.int(axis)], { attributes: { axis: 0 } });
}

/** The mask as lengths [batch], as 0 and 1 by column [batch, columns], or by row and column. */
function paddingBias(fused: FusedNode, mask: string, scores: string): string {
  const { builder, node, rankOf } = fused;
  const rank = rankOf(mask);
  if (rank === undefined || rank < 1 || rank > 3)
    refuseForm(node, `its mask has ${rank ?? 'an unknown number of'} axes`);
  const seen = rank === 1 ? insideLengths(fused, mask, scores) : mask;
  const float = builder.op('Cast', [seen], { attributes: { to: dataTypes.float } });
  const wide = builder.op('Unsqueeze', [float, builder.int(rank === 3 ? [1] : [1, 2])]);
  const absent = builder.op('Sub', [builder.float(1), wide]);
  return builder.op('Mul', [absent, builder.float(floatAttribute(node, 'mask_filter_value', -10_000))]);
}

function insideLengths(fused: FusedNode, lengths: string, scores: string): string {
  const { builder } = fused;
  const columns = builder.op('Range', [builder.int(0), sizeOf(fused, scores, 3), builder.int(1)]);
  const wide = builder.op('Cast', [lengths], { attributes: { to: dataTypes.int64 } });
  return builder.op('Less', [columns, builder.op('Unsqueeze', [wide, builder.int([1])])]);
}

/** Queries are the last of the keys: nothing after a query's own place may be seen. */
function causalBias(fused: FusedNode, scores: string): string {
  const { builder } = fused;
  const [rows, columns] = [sizeOf(fused, scores, 2), sizeOf(fused, scores, 3)];
  const keys = builder.op('Range', [builder.int(0), columns, builder.int(1)]);
  const queries = builder.op('Range', [builder.op('Sub', [columns, rows]), columns, builder.int(1)]);
  const later = builder.op('Less', [builder.op('Unsqueeze', [queries, builder.int([1])]), keys]);
  return builder.op('Mul', [
    builder.op('Cast', [later], { attributes: { to: dataTypes.float } }),
    builder.float(floatAttribute(fused.node, 'mask_filter_value', -10_000)),
  ]);
}
