import { StudioError } from '@embedding-studio/contracts';
import type { OnnxModel } from '@embedding-studio/ml/onnx';
import type { WeightTensor } from './safetensors.ts';
import { TextGraph } from './text-graph.ts';

const vocabularySize = 8002;
const tokenSize = 256;
const hiddenSize = 512;
const wideSize = 1536;
const heads = 4;
const epsilon = 1e-6;

type Weights = ReadonlyMap<string, WeightTensor>;

interface UseLiteParts {
  graph: TextGraph;
  weights: Weights;
}

/** The one weight whose path holds every part; tfjs converters rename the ends of paths, not their middles. */
function findWeight(weights: Weights, parts: readonly string[], size: number): Float32Array {
  const names = [...weights.keys()].filter((name) => parts.every((part) => name.includes(part)));
  const [name = ''] = names;
  const values = weights.get(name)?.values;
  if (names.length !== 1 || values === undefined)
    throw new StudioError('MODEL_INVALID', `${names.length} weights match ${parts.join(' + ')}, 1 is needed.`);
  if (values.length !== size)
    throw new StudioError('MODEL_INVALID', `Weight ${name} has ${values.length} values, not ${size}.`);
  return values;
}

interface LinearPlace {
  name: string;
  inner: number;
  outer: number;
  weightPath: readonly string[];
  biasPath: readonly string[];
}

function linear({ graph, weights }: UseLiteParts, input: string, place: LinearPlace): string {
  const { inner, outer } = place;
  return graph.linear(input, {
    ...place,
    weight: findWeight(weights, place.weightPath, inner * outer),
    bias: findWeight(weights, place.biasPath, outer),
  });
}

function layerNorm(parts: UseLiteParts, input: string, place: { name: string; size: number; path: readonly string[] }) {
  const { name, size, path } = place;
  return parts.graph.layerNorm(input, {
    name,
    size,
    weight: findWeight(parts.weights, [...path, 'layer_norm_scale'], size),
    bias: findWeight(parts.weights, [...path, 'layer_norm_bias'], size),
    epsilon,
  });
}

/** Token vectors, doubled as in the original graph, plus sines and cosines of the position. */
function embeddings({ graph, weights }: UseLiteParts): string {
  const { builder } = graph;
  const table = findWeight(weights, ['module/Embeddings_en'], vocabularySize * tokenSize);
  const tokens = builder.op('Gather', [
    builder.init('embeddings.token_embeddings', [vocabularySize, tokenSize], table),
    'input_ids',
  ]);
  const periods = findWeight(weights, ['TimingSignal/ExpandDims_1'], tokenSize / 2);
  const timing = builder.init('embeddings.timing', [1, tokenSize / 2], periods);
  const positions = builder.op('Cast', [graph.positions()], { attributes: { to: 1 } });
  const phase = graph.multiply(builder.op('Unsqueeze', [positions, builder.int([1])]), timing);
  const waves = [builder.op('Sin', [phase]), builder.op('Cos', [phase])];
  return graph.add(graph.add(tokens, tokens), builder.op('Concat', waves, { attributes: { axis: -1 } }));
}

function attentionBlock(parts: UseLiteParts, input: string, index: number): string {
  const { graph } = parts;
  const size = index === 0 ? tokenSize : hiddenSize;
  const at = `layer.${index}`;
  const path = `Layer_${index}/`;
  const normal = layerNorm(parts, input, {
    name: `${at}.attention.norm`,
    size,
    path: [path, 'TransformerLayer/layer_prepostprocess'],
  });
  const joined = linear(parts, normal, {
    name: `${at}.attention.projection`,
    inner: size,
    outer: 3 * size,
    weightPath: [path, 'qkv_transform_single/kernel'],
    biasPath: [path, 'qkv_transform_single/bias'],
  });
  const split = [joined, graph.builder.int([size, size, size])];
  const [query = '', key = '', value = ''] = graph.builder.ops('Split', split, { attributes: { axis: 2 }, count: 3 });
  const mixed = graph.attention({ query, key, value }, { heads, headSize: size / heads, bias: graph.maskBias() });
  return linear(parts, mixed, {
    name: `${at}.attention.output`,
    inner: size,
    outer: hiddenSize,
    weightPath: [path, 'output_transform_single/kernel'],
    biasPath: [path, 'output_transform_single/bias'],
  });
}

/** The first layer widens 256 to 512, so its residual passes through a linear layer of its own. */
function residual(parts: UseLiteParts, input: string, index: number): string {
  if (index > 0) return input;
  return linear(parts, input, {
    name: 'layer.0.residual',
    inner: tokenSize,
    outer: hiddenSize,
    weightPath: ['TransformerLayer/dense/kernel'],
    biasPath: ['TransformerLayer/dense/bias'],
  });
}

function feedForwardBlock(parts: UseLiteParts, input: string, index: number): string {
  const at = `layer.${index}.feed_forward`;
  const path = `Layer_${index}/`;
  const norm = { name: `${at}.norm`, size: hiddenSize, path: [path, 'FFN/layer_prepostprocess'] };
  const raised = linear(parts, layerNorm(parts, input, norm), {
    name: `${at}.raise`,
    inner: hiddenSize,
    outer: wideSize,
    weightPath: [path, 'conv1/Tensordot/Reshape_1'],
    biasPath: [path, 'FFN/conv1/bias'],
  });
  return linear(parts, parts.graph.builder.op('Relu', [raised]), {
    name: `${at}.lower`,
    inner: wideSize,
    outer: hiddenSize,
    weightPath: [path, 'conv2/Tensordot/Reshape_1'],
    biasPath: [path, 'FFN/conv2/bias'],
  });
}

/**
 * Weights of the Universal Sentence Encoder lite (tfjs graph model) → ONNX graph (opset 17) with masked-mean pooling,
 * its last tanh layer and L2 inside.
 */
export function buildUseLiteEncoder(weights: Weights): OnnxModel {
  const graph = new TextGraph();
  const parts = { graph, weights };
  let hidden = embeddings(parts);
  for (const index of [0, 1]) {
    const attended = graph.add(attentionBlock(parts, hidden, index), residual(parts, hidden, index));
    hidden = graph.add(feedForwardBlock(parts, attended, index), attended);
  }
  const last = linear(parts, graph.maskedMean(hidden), {
    name: 'head',
    inner: hiddenSize,
    outer: hiddenSize,
    weightPath: ['tanh_layer_0/weights'],
    biasPath: ['tanh_layer_0/bias'],
  });
  return graph.finish(graph.builder.op('Tanh', [last]), { name: 'use-lite', dims: hiddenSize });
}
