import { z } from 'zod';
import { addNorm, addPostNormLayer, type EncoderParts, type LayerNames } from './encoder-layers.ts';
import { count, epsilon, parseConfig, requireWholeHeads, stripNames, type TextFamily } from './text-family.ts';
import { TextGraph } from './text-graph.ts';
import { WeightBook } from './weight-book.ts';

/** The fields of a `config.json` that shape the graph. */
const BertConfig = z.object({
  hidden_act: z.string(),
  position_embedding_type: z.literal('absolute').default('absolute'),
  hidden_size: count,
  intermediate_size: count,
  num_attention_heads: count,
  num_hidden_layers: count,
  layer_norm_eps: epsilon,
  max_position_embeddings: count,
  type_vocab_size: count,
  vocab_size: count,
  pad_token_id: z.number().int().min(0).default(0),
});

interface BertRule {
  name: string;
  modelTypes: readonly string[];
  /** RoBERTa numbers its positions from one after the id of its padding. */
  hasPaddingOffset: boolean;
}

function namesOf(index: number): LayerNames {
  const at = `encoder.layer.${index}`;
  const self = `${at}.attention.self`;
  return {
    ...{ query: `${self}.query`, key: `${self}.key`, value: `${self}.value` },
    output: `${at}.attention.output.dense`,
    attentionNorm: `${at}.attention.output.LayerNorm`,
    raise: `${at}.intermediate.dense`,
    lower: `${at}.output.dense`,
    lastNorm: `${at}.output.LayerNorm`,
  };
}

/** Word + type + position. A single text is always type 0, so its row is added as a constant and needs no input. */
function embed(parts: EncoderParts<TextGraph>, config: z.output<typeof BertConfig>, offset: number): string {
  const { graph, weights, shape } = parts;
  const { builder } = graph;
  const table = (name: string, rows: number) =>
    builder.init(name, [rows, shape.size], weights.get(`${name}.weight`, [rows, shape.size]));
  const words = builder.op('Gather', [table('embeddings.word_embeddings', config.vocab_size), 'input_ids']);
  const types = weights.get('embeddings.token_type_embeddings.weight', [config.type_vocab_size, shape.size]);
  const type = builder.init('embeddings.token_type_0', [shape.size], types.slice(0, shape.size));
  const positions = table('embeddings.position_embeddings', config.max_position_embeddings);
  const placed = builder.op('Gather', [positions, graph.positions(offset)]);
  return addNorm(parts, graph.add(graph.add(words, type), placed), 'embeddings.LayerNorm');
}

function createFamily({ name, modelTypes, hasPaddingOffset }: BertRule): TextFamily {
  return {
    modelTypes,
    build: (tensors, settings) => {
      const config = parseConfig(BertConfig, settings, name);
      const { hidden_size: size, num_attention_heads: heads, hidden_act: activation } = config;
      requireWholeHeads(size, heads);
      const graph = new TextGraph();
      const weights = new WeightBook(stripNames(tensors, 'embeddings.word_embeddings.weight'));
      const shape = { size, heads, activation, wide: config.intermediate_size, epsilon: config.layer_norm_eps };
      const parts = { graph, weights, shape };
      const offset = hasPaddingOffset ? config.pad_token_id + 1 : 0;
      let output = embed(parts, config, offset);
      for (let index = 0; index < config.num_hidden_layers; index++)
        output = addPostNormLayer(parts, output, { names: namesOf(index), bias: graph.maskBias() });
      return { graph, output, isPooled: false, size, tokensMax: config.max_position_embeddings - offset };
    },
  };
}

export const bert = createFamily({ name: 'BERT', modelTypes: ['bert'], hasPaddingOffset: false });

export const roberta = createFamily({
  name: 'RoBERTa',
  modelTypes: ['roberta', 'xlm-roberta', 'camembert'],
  hasPaddingOffset: true,
});
