import { dataTypes, makeValueInfo, type OnnxModel } from '@embedding-studio/ml/onnx';
import { z } from 'zod';
import { addLinear, addNorm, addPreNormLayer, type EncoderParts, type LayerNames } from './encoder-layers.ts';
import { GraphBlocks } from './graph-blocks.ts';
import {
  count,
  epsilon,
  parseConfig,
  requireWholeHeads,
  stripNames,
  type Tensors,
  type TextFamily,
} from './text-family.ts';
import { TextGraph } from './text-graph.ts';
import { WeightBook } from './weight-book.ts';

const Tower = z.object({
  hidden_act: z.string().default('quick_gelu'),
  hidden_size: count,
  intermediate_size: count,
  num_attention_heads: count,
  num_hidden_layers: count,
  layer_norm_eps: epsilon.default(1e-5),
});

const TextTower = Tower.extend({
  hidden_size: count.default(512),
  intermediate_size: count.default(2048),
  num_attention_heads: count.default(8),
  num_hidden_layers: count.default(12),
  max_position_embeddings: count.default(77),
  vocab_size: count.default(49_408),
  eos_token_id: z.number().int().nullable().default(null),
});

const VisionTower = Tower.extend({
  hidden_size: count.default(768),
  intermediate_size: count.default(3072),
  num_attention_heads: count.default(12),
  num_hidden_layers: count.default(12),
  image_size: count.default(224),
  patch_size: count.default(32),
});

/** Files leave out what is as in the first published model. */
const ClipConfig = z.object({
  projection_dim: count.default(512),
  text_config: z.looseObject({}).default({}).pipe(TextTower),
  vision_config: z.looseObject({}).default({}).pipe(VisionTower),
});

/** An end-of-text id that early files name although their tokenizer has another: there the largest id ends the text. */
const misnamedEnd = 2;

function namesOf(tower: string, index: number): LayerNames {
  const at = `${tower}.encoder.layers.${index}`;
  const self = `${at}.self_attn`;
  return {
    ...{ query: `${self}.q_proj`, key: `${self}.k_proj`, value: `${self}.v_proj`, output: `${self}.out_proj` },
    attentionNorm: `${at}.layer_norm1`,
    raise: `${at}.mlp.fc1`,
    lower: `${at}.mlp.fc2`,
    lastNorm: `${at}.layer_norm2`,
  };
}

function shapeOf(tower: z.output<typeof Tower>): EncoderParts['shape'] {
  requireWholeHeads(tower.hidden_size, tower.num_attention_heads);
  const { hidden_size: size, intermediate_size: wide, num_attention_heads: heads } = tower;
  return { size, wide, heads, epsilon: tower.layer_norm_eps, activation: tower.hidden_act };
}

/** The vector of the token that ends the text, [batch, size]. */
function endOfText(graph: TextGraph, hidden: string, end: number | null): string {
  const { builder } = graph;
  const isLargest = end === null || end === misnamedEnd;
  const marked = isLargest
    ? 'input_ids'
    : builder.op('Cast', [builder.op('Equal', ['input_ids', builder.int(end)])], {
        attributes: { to: dataTypes.int64 },
      });
  const place = builder.op('ArgMax', [marked], { attributes: { axis: 1, keepdims: 0 } });
  const batch = builder.op('Gather', [builder.op('Shape', ['input_ids']), builder.int(0)], { attributes: { axis: 0 } });
  const rows = builder.op('Range', [builder.int(0), batch, builder.int(1)]);
  const pairs = [rows, place].map((part) => builder.op('Unsqueeze', [part, builder.int([1])]));
  return builder.op('GatherND', [hidden, builder.op('Concat', pairs, { attributes: { axis: 1 } })]);
}

/** CLIP's text tower: causal attention, and the projected vector of the token that ends the text. */
export const clip: TextFamily = {
  modelTypes: ['clip'],
  build: (tensors, settings) => {
    const { text_config: tower, projection_dim: dims } = parseConfig(ClipConfig, settings, 'CLIP');
    const graph = new TextGraph();
    const { builder } = graph;
    const weights = new WeightBook(stripNames(tensors, 'text_model.embeddings.token_embedding.weight'));
    const parts = { graph, weights, shape: shapeOf(tower) };
    const size = tower.hidden_size;
    const table = (name: string, rows: number) =>
      builder.init(name, [rows, size], weights.get(`${name}.weight`, [rows, size]));
    const words = builder.op('Gather', [table('text_model.embeddings.token_embedding', tower.vocab_size), 'input_ids']);
    const positions = table('text_model.embeddings.position_embedding', tower.max_position_embeddings);
    let hidden = graph.add(words, builder.op('Gather', [positions, graph.positions()]));
    const bias = graph.add(graph.maskBias(), graph.causalBias());
    for (let index = 0; index < tower.num_hidden_layers; index++)
      hidden = addPreNormLayer(parts, hidden, { names: namesOf('text_model', index), bias });
    const normal = addNorm(parts, hidden, 'text_model.final_layer_norm');
    const projection = { name: 'text_projection', inner: size, outer: dims, hasBias: false };
    const output = addLinear(parts, endOfText(graph, normal, tower.eos_token_id), projection);
    return { graph, output, isPooled: true, size: dims, tokensMax: tower.max_position_embeddings };
  },
};

class ImageGraph extends GraphBlocks {
  finish(vectors: string, { side, dims }: { side: number; dims: number }): OnnxModel {
    this.unitLength(vectors, 'image_embedding');
    return this.createModel('clip-vision', {
      input: [makeValueInfo('pixel_values', dataTypes.float, ['batch', 3, side, side])],
      output: [makeValueInfo('image_embedding', dataTypes.float, ['batch', dims])],
    });
  }
}

/** The patches of the image as tokens after one learnt token, plus their places: [batch, 1 + patches, size]. */
function embedPatches(
  { graph, weights, shape }: EncoderParts<ImageGraph>,
  tower: z.output<typeof VisionTower>,
): string {
  const { builder } = graph;
  const { size } = shape;
  const { patch_size: patch, image_size: side } = tower;
  const at = 'vision_model.embeddings';
  const kernel = [size, 3, patch, patch];
  const filter = builder.init(`${at}.patch_embedding`, kernel, weights.get(`${at}.patch_embedding.weight`, kernel));
  const attributes = { kernel_shape: [patch, patch], strides: [patch, patch] };
  const cut = builder.op('Conv', ['pixel_values', filter], { attributes });
  const flat = builder.op('Reshape', [cut, builder.int([0, size, -1])]);
  const patches = builder.op('Transpose', [flat], { attributes: { perm: [0, 2, 1] } });
  const batch = builder.op('Gather', [builder.op('Shape', ['pixel_values']), builder.int([0])], {
    attributes: { axis: 0 },
  });
  const shapeOfFirst = builder.op('Concat', [batch, builder.int([1, size])], { attributes: { axis: 0 } });
  const learnt = builder.init(`${at}.class_embedding`, [size], weights.get(`${at}.class_embedding`, [size]));
  const tokens = builder.op('Concat', [builder.op('Expand', [learnt, shapeOfFirst]), patches], {
    attributes: { axis: 1 },
  });
  const dims = [Math.floor(side / patch) ** 2 + 1, size];
  const name = `${at}.position_embedding`;
  return graph.add(tokens, builder.init(name, dims, weights.get(`${name}.weight`, dims)));
}

export interface ImageEncoder {
  onnx: OnnxModel;
  dims: number;
  /** Pixels of a side of the square that goes in. */
  side: number;
}

/** CLIP's vision tower: `pixel_values` [batch, 3, side, side] → `image_embedding` of unit length. */
export function buildClipVision(tensors: Tensors, settings: unknown): ImageEncoder {
  const { vision_config: tower, projection_dim: dims } = parseConfig(ClipConfig, settings, 'CLIP');
  const graph = new ImageGraph();
  const weights = new WeightBook(stripNames(tensors, 'vision_model.embeddings.class_embedding'));
  const parts = { graph, weights, shape: shapeOf(tower) };
  let hidden = addNorm(parts, embedPatches(parts, tower), 'vision_model.pre_layrnorm');
  for (let index = 0; index < tower.num_hidden_layers; index++)
    hidden = addPreNormLayer(parts, hidden, { names: namesOf('vision_model', index), bias: null });
  const first = graph.builder.op('Gather', [hidden, graph.builder.int(0)], { attributes: { axis: 1 } });
  const normal = addNorm(parts, first, 'vision_model.post_layernorm');
  const projection = { name: 'visual_projection', inner: tower.hidden_size, outer: dims, hasBias: false };
  const onnx = graph.finish(addLinear(parts, normal, projection), { side: tower.image_size, dims });
  return { onnx, dims, side: tower.image_size };
}
