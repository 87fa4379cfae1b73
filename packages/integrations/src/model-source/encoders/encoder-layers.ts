import type { GraphBlocks } from './graph-blocks.ts';
import type { WeightBook } from './weight-book.ts';

export interface EncoderShape {
  size: number;
  wide: number;
  heads: number;
  epsilon: number;
  activation: string;
}

export interface EncoderParts<Graph extends GraphBlocks = GraphBlocks> {
  graph: Graph;
  weights: WeightBook;
  shape: EncoderShape;
}

/** Where a checkpoint keeps the eight parts of a layer. */
export interface LayerNames {
  query: string;
  key: string;
  value: string;
  output: string;
  attentionNorm: string;
  raise: string;
  lower: string;
  lastNorm: string;
}

/** A linear layer that is stored [out, in] under `<name>.weight` and, unless said otherwise, `<name>.bias`. */
export function addLinear(
  { graph, weights }: Pick<EncoderParts, 'graph' | 'weights'>,
  input: string,
  layer: { name: string; inner: number; outer: number; hasBias?: boolean },
): string {
  const { name, inner, outer, hasBias = true } = layer;
  const weight = weights.getTransposed(`${name}.weight`, [outer, inner]);
  return graph.linear(input, {
    name,
    inner,
    outer,
    weight,
    bias: hasBias ? weights.get(`${name}.bias`, [outer]) : null,
  });
}

export function addNorm({ graph, weights, shape }: EncoderParts, input: string, name: string): string {
  const { size, epsilon } = shape;
  const [weight, bias] = [weights.get(`${name}.weight`, [size]), weights.get(`${name}.bias`, [size])];
  return graph.layerNorm(input, { name, size, weight, bias, epsilon });
}

export function addAttention(
  parts: EncoderParts,
  input: string,
  { names, bias }: { names: Pick<LayerNames, 'query' | 'key' | 'value' | 'output'>; bias: string | null },
): string {
  const { size, heads } = parts.shape;
  const project = (name: string) => addLinear(parts, input, { name, inner: size, outer: size });
  const projected = { query: project(names.query), key: project(names.key), value: project(names.value) };
  const mixed = parts.graph.attention(projected, { heads, headSize: size / heads, bias });
  return addLinear(parts, mixed, { name: names.output, inner: size, outer: size });
}

export function addFeedForward(parts: EncoderParts, input: string, names: Pick<LayerNames, 'raise' | 'lower'>): string {
  const { size, wide, activation } = parts.shape;
  const raised = addLinear(parts, input, { name: names.raise, inner: size, outer: wide });
  return addLinear(parts, parts.graph.activation(raised, activation), { name: names.lower, inner: wide, outer: size });
}

/** The layer of BERT and its kin: attention and a feed-forward block, each added to its input and then normalised. */
export function addPostNormLayer(
  parts: EncoderParts,
  input: string,
  at: { names: LayerNames; bias: string | null },
): string {
  const { graph } = parts;
  const middle = addNorm(parts, graph.add(addAttention(parts, input, at), input), at.names.attentionNorm);
  return addNorm(parts, graph.add(addFeedForward(parts, middle, at.names), middle), at.names.lastNorm);
}

/** The layer of CLIP: as above, but what is normalised is what goes into a block, not what comes out. */
export function addPreNormLayer(
  parts: EncoderParts,
  input: string,
  { names, bias }: { names: LayerNames; bias: string | null },
): string {
  const { graph } = parts;
  const attended = addAttention(parts, addNorm(parts, input, names.attentionNorm), { names, bias });
  const middle = graph.add(attended, input);
  return graph.add(addFeedForward(parts, addNorm(parts, middle, names.lastNorm), names), middle);
}
