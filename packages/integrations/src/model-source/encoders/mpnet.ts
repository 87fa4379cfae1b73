import { z } from 'zod';
import { addNorm, addPostNormLayer, type EncoderParts, type LayerNames } from './encoder-layers.ts';
import { count, epsilon, parseConfig, requireWholeHeads, stripNames, type TextFamily } from './text-family.ts';
import { TextGraph } from './text-graph.ts';
import { WeightBook } from './weight-book.ts';

const MpnetConfig = z.object({
  hidden_act: z.string(),
  hidden_size: count,
  intermediate_size: count,
  num_attention_heads: count,
  num_hidden_layers: count,
  layer_norm_eps: epsilon,
  max_position_embeddings: count,
  relative_attention_num_buckets: count.default(32),
  vocab_size: count,
});
type MpnetConfig = z.output<typeof MpnetConfig>;

/** The id of the padding is part of the architecture: positions are numbered from one after it. */
const positionOffset = 2;
const distanceMax = 128;

function namesOf(index: number): LayerNames {
  const at = `encoder.layer.${index}`;
  const attention = `${at}.attention.attn`;
  return {
    ...{ query: `${attention}.q`, key: `${attention}.k`, value: `${attention}.v`, output: `${attention}.o` },
    attentionNorm: `${at}.attention.LayerNorm`,
    raise: `${at}.intermediate.dense`,
    lower: `${at}.output.dense`,
    lastNorm: `${at}.output.LayerNorm`,
  };
}

/**
 * The bucket of a distance (key's place − query's place): half of the buckets for each direction, near distances one
 * each, far ones by their logarithm up to 128. Rounded at float32 as in the original.
 */
export function bucketOf(distance: number, buckets: number): number {
  const half = buckets >> 1;
  const side = distance > 0 ? half : 0;
  const size = Math.abs(distance);
  const exact = half >> 1;
  if (size < exact) return side + size;
  const share = Math.fround(Math.fround(Math.log(Math.fround(size / exact))) / Math.log(distanceMax / exact));
  return side + Math.min(half - 1, exact + Math.trunc(Math.fround(share * (half - exact))));
}

/** One learnt score for each head and bucket, [1, heads, seq, seq]. */
function relativeBias({ graph, weights, shape }: EncoderParts<TextGraph>, config: MpnetConfig): string {
  const { builder } = graph;
  const { relative_attention_num_buckets: buckets, max_position_embeddings: reach } = config;
  const dims = [buckets, shape.heads];
  const scores = builder.init('relative_bias', dims, weights.get('encoder.relative_attention_bias.weight', dims));
  const byDistance = Array.from({ length: 2 * reach - 1 }, (_, at) => BigInt(bucketOf(at - reach + 1, buckets)));
  const table = builder.init('relative_buckets', [byDistance.length], BigInt64Array.from(byDistance));
  const places = graph.positions();
  const queries = builder.op('Unsqueeze', [places, builder.int([1])]);
  const distance = builder.op('Sub', [graph.positions(reach - 1), queries]);
  const picked = builder.op('Gather', [scores, builder.op('Gather', [table, distance])]);
  const turned = builder.op('Transpose', [picked], { attributes: { perm: [2, 0, 1] } });
  return builder.op('Unsqueeze', [turned, builder.int([0])]);
}

/** BERT's layers under other names, with a score for the distance of two tokens in every attention. */
export const mpnet: TextFamily = {
  modelTypes: ['mpnet'],
  build: (tensors, settings) => {
    const config = parseConfig(MpnetConfig, settings, 'MPNet');
    const { hidden_size: size, num_attention_heads: heads, hidden_act: activation } = config;
    requireWholeHeads(size, heads);
    const graph = new TextGraph();
    const { builder } = graph;
    const weights = new WeightBook(stripNames(tensors, 'embeddings.word_embeddings.weight'));
    const shape = { size, heads, activation, wide: config.intermediate_size, epsilon: config.layer_norm_eps };
    const parts = { graph, weights, shape };
    const table = (name: string, rows: number) =>
      builder.init(name, [rows, size], weights.get(`${name}.weight`, [rows, size]));
    const words = builder.op('Gather', [table('embeddings.word_embeddings', config.vocab_size), 'input_ids']);
    const positions = table('embeddings.position_embeddings', config.max_position_embeddings);
    const placed = graph.add(words, builder.op('Gather', [positions, graph.positions(positionOffset)]));
    let output = addNorm(parts, placed, 'embeddings.LayerNorm');
    const bias = graph.add(relativeBias(parts, config), graph.maskBias());
    for (let index = 0; index < config.num_hidden_layers; index++)
      output = addPostNormLayer(parts, output, { names: namesOf(index), bias });
    return { graph, output, isPooled: false, size, tokensMax: config.max_position_embeddings - positionOffset };
  },
};
