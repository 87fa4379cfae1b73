import { StudioError } from '@embedding-studio/contracts';
import type { OnnxModel } from '@embedding-studio/ml/onnx';
import { z } from 'zod';
import { EncoderGraph } from './encoder-graph.ts';
import type { WeightTensor } from './safetensors.ts';
import { WeightBook } from './weight-book.ts';

const size = z.number().int().positive();

/** The fields of a BERT `config.json` that shape the graph. */
export const BertConfig = z.object({
  model_type: z.literal('bert'),
  hidden_act: z.literal('gelu'),
  position_embedding_type: z.literal('absolute').default('absolute'),
  hidden_size: size,
  intermediate_size: size,
  num_attention_heads: size,
  num_hidden_layers: size,
  layer_norm_eps: z.number().positive(),
  max_position_embeddings: size,
  type_vocab_size: size,
  vocab_size: size,
});
export type BertConfig = z.infer<typeof BertConfig>;

interface BertParts {
  graph: EncoderGraph;
  weights: WeightBook;
  config: BertConfig;
}

function linear({ graph, weights }: BertParts, input: string, layer: { name: string; inner: number; outer: number }) {
  const { name, inner, outer } = layer;
  return graph.linear(input, {
    ...layer,
    weight: weights.getTransposed(`${name}.weight`, [outer, inner]),
    bias: weights.get(`${name}.bias`, [outer]),
  });
}

function layerNorm({ graph, weights, config }: BertParts, input: string, name: string): string {
  const dims = config.hidden_size;
  return graph.layerNorm(input, {
    name,
    size: dims,
    weight: weights.get(`${name}.weight`, [dims]),
    bias: weights.get(`${name}.bias`, [dims]),
    epsilon: config.layer_norm_eps,
  });
}

/** Word + type + position. A single text is always type 0, so its row is added as a constant and needs no input. */
function embeddings(parts: BertParts): string {
  const { graph, weights, config } = parts;
  const { builder } = graph;
  const dims = config.hidden_size;
  const table = (name: string, rows: number) =>
    builder.init(name, [rows, dims], weights.get(`${name}.weight`, [rows, dims]));
  const words = builder.op('Gather', [table('embeddings.word_embeddings', config.vocab_size), 'input_ids']);
  const types = weights.get('embeddings.token_type_embeddings.weight', [config.type_vocab_size, dims]);
  const type = builder.init('embeddings.token_type_0', [dims], types.slice(0, dims));
  const positions = table('embeddings.position_embeddings', config.max_position_embeddings);
  const placed = builder.op('Gather', [positions, graph.positions()]);
  return layerNorm(parts, graph.add(graph.add(words, type), placed), 'embeddings.LayerNorm');
}

function encoderLayer(parts: BertParts, input: string, index: number): string {
  const { graph, config } = parts;
  const dims = config.hidden_size;
  const at = `encoder.layer.${index}`;
  const project = (role: string) =>
    linear(parts, input, { name: `${at}.attention.self.${role}`, inner: dims, outer: dims });
  const projected = { query: project('query'), key: project('key'), value: project('value') };
  const heads = config.num_attention_heads;
  const mixed = graph.attention(projected, { heads, headSize: dims / heads });
  const attended = linear(parts, mixed, { name: `${at}.attention.output.dense`, inner: dims, outer: dims });
  const middle = layerNorm(parts, graph.add(attended, input), `${at}.attention.output.LayerNorm`);
  const wide = config.intermediate_size;
  const raised = graph.gelu(linear(parts, middle, { name: `${at}.intermediate.dense`, inner: dims, outer: wide }));
  const lowered = linear(parts, raised, { name: `${at}.output.dense`, inner: wide, outer: dims });
  return layerNorm(parts, graph.add(lowered, middle), `${at}.output.LayerNorm`);
}

// Some exports put the whole encoder below one more name.
function withoutPrefix(tensors: ReadonlyMap<string, WeightTensor>): ReadonlyMap<string, WeightTensor> {
  if (tensors.has('embeddings.word_embeddings.weight')) return tensors;
  return new Map([...tensors].map(([name, tensor]) => [name.replace(/^bert\./, ''), tensor]));
}

/**
 * BERT weights by their usual names → ONNX graph (opset 17) with masked-mean pooling and L2 inside.
 * @throws StudioError MODEL_INVALID naming the weight or setting that is missing or has another shape.
 */
export function buildBertEncoder(tensors: ReadonlyMap<string, WeightTensor>, settings: unknown): OnnxModel {
  const parsed = BertConfig.safeParse(settings);
  if (!parsed.success)
    throw new StudioError(
      'MODEL_INVALID',
      `config.json is not that of a BERT encoder: ${z.prettifyError(parsed.error)}`,
    );
  const config = parsed.data;
  if (config.hidden_size % config.num_attention_heads !== 0)
    throw new StudioError('MODEL_INVALID', 'config.json: hidden_size is not a multiple of num_attention_heads.');
  const graph = new EncoderGraph();
  const parts = { graph, weights: new WeightBook(withoutPrefix(tensors)), config };
  let hidden = embeddings(parts);
  for (let index = 0; index < config.num_hidden_layers; index++) hidden = encoderLayer(parts, hidden, index);
  return graph.finish(graph.maskedMean(hidden), { name: 'bert', dims: config.hidden_size });
}
