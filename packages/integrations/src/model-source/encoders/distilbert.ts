import { z } from 'zod';
import { addNorm, addPostNormLayer, type LayerNames } from './encoder-layers.ts';
import { count, parseConfig, requireWholeHeads, stripNames, type TextFamily } from './text-family.ts';
import { TextGraph } from './text-graph.ts';
import { WeightBook } from './weight-book.ts';

const DistilBertConfig = z.object({
  activation: z.string().default('gelu'),
  dim: count,
  hidden_dim: count,
  n_heads: count,
  n_layers: count,
  max_position_embeddings: count,
  vocab_size: count,
});

const normEpsilon = 1e-12;

function namesOf(index: number): LayerNames {
  const at = `transformer.layer.${index}`;
  const attention = `${at}.attention`;
  return {
    ...{ query: `${attention}.q_lin`, key: `${attention}.k_lin`, value: `${attention}.v_lin` },
    output: `${attention}.out_lin`,
    attentionNorm: `${at}.sa_layer_norm`,
    raise: `${at}.ffn.lin1`,
    lower: `${at}.ffn.lin2`,
    lastNorm: `${at}.output_layer_norm`,
  };
}

/** BERT's layers under other names, and no token types. */
export const distilbert: TextFamily = {
  modelTypes: ['distilbert'],
  build: (tensors, settings) => {
    const config = parseConfig(DistilBertConfig, settings, 'DistilBERT');
    const { dim: size, n_heads: heads, hidden_dim: wide, activation } = config;
    requireWholeHeads(size, heads);
    const graph = new TextGraph();
    const { builder } = graph;
    const weights = new WeightBook(stripNames(tensors, 'embeddings.word_embeddings.weight'));
    const parts = { graph, weights, shape: { size, wide, heads, activation, epsilon: normEpsilon } };
    const table = (name: string, rows: number) =>
      builder.init(name, [rows, size], weights.get(`${name}.weight`, [rows, size]));
    const words = builder.op('Gather', [table('embeddings.word_embeddings', config.vocab_size), 'input_ids']);
    const positions = table('embeddings.position_embeddings', config.max_position_embeddings);
    const placed = graph.add(words, builder.op('Gather', [positions, graph.positions()]));
    let output = addNorm(parts, placed, 'embeddings.LayerNorm');
    for (let index = 0; index < config.n_layers; index++)
      output = addPostNormLayer(parts, output, { names: namesOf(index), bias: graph.maskBias() });
    return { graph, output, isPooled: false, size, tokensMax: config.max_position_embeddings };
  },
};
