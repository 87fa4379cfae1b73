import type { OnnxModel } from '../../src/onnx/index.ts';
import { dataTypes, makeValueInfo } from '../../src/onnx/index.ts';
import { type EncoderForm, EncoderParts, idsInput, sizes } from './encoder-parts.ts';

const lowest = -3.4028234663852886e38;

function embed(parts: EncoderParts, extra: readonly string[] = []): string {
  const { graph } = parts;
  const words = graph.op('Gather', [parts.weight('words', [sizes.vocabulary, sizes.hidden]), 'input_ids']);
  const places = graph.op('Unsqueeze', [parts.positions('input_ids'), graph.int([0])]);
  const position = graph.op('Gather', [parts.weight('positions', [sizes.positions, sizes.hidden]), places]);
  return [...extra, position].reduce((sum, term) => graph.op('Add', [sum, term]), words);
}

function postNormLayer(parts: EncoderParts, x: string, { name, change }: LayerOptions): string {
  const { graph } = parts;
  const attended = parts.layerNorm(
    graph.op('Add', [parts.attention(x, `${name}.attention`, change), x]),
    `${name}.norm1`,
  );
  const inner = parts.gelu(parts.linear(attended, `${name}.inner`, [sizes.hidden, sizes.inner]));
  const outer = parts.linear(inner, `${name}.outer`, [sizes.inner, sizes.hidden]);
  return parts.layerNorm(graph.op('Add', [outer, attended]), `${name}.norm2`);
}

function preNormLayer(parts: EncoderParts, x: string, { name, change }: LayerOptions): string {
  const { graph } = parts;
  const attended = graph.op('Add', [
    x,
    parts.attention(parts.layerNorm(x, `${name}.norm1`), `${name}.attention`, change),
  ]);
  const inner = parts.quickGelu(
    parts.linear(parts.layerNorm(attended, `${name}.norm2`), `${name}.inner`, [sizes.hidden, sizes.inner]),
  );
  return graph.op('Add', [attended, parts.linear(inner, `${name}.outer`, [sizes.inner, sizes.hidden])]);
}

interface LayerOptions {
  readonly name: string;
  readonly change: (scores: string) => string;
}

const textInputs = [idsInput('input_ids'), idsInput('attention_mask')];

/** BERT: additive mask, segment embeddings, post-norm layers. */
export function buildBert(form: EncoderForm, layers = 2): OnnxModel {
  const parts = new EncoderParts(form);
  const { graph } = parts;
  const segments = graph.op('Gather', [parts.weight('segments', [2, sizes.hidden]), 'token_type_ids']);
  let x = parts.layerNorm(embed(parts, [segments]), 'embedding.norm');
  const mask = graph.op('Cast', [graph.op('Unsqueeze', ['attention_mask', graph.int([1, 2])])], {
    attributes: { to: 1 },
  });
  const bias = graph.op('Mul', [graph.op('Sub', [graph.float(1), mask]), graph.float(lowest)]);
  for (let i = 0; i < layers; i += 1) {
    x = postNormLayer(parts, x, { name: `layer.${i}`, change: (scores) => graph.op('Add', [scores, bias]) });
  }
  return parts.finish(x, [...textInputs, idsInput('token_type_ids')]);
}

/** DistilBERT: scores filled through Where with a mask expanded to their shape. */
export function buildDistilBert(form: EncoderForm): OnnxModel {
  const parts = new EncoderParts(form);
  const { graph } = parts;
  const x = parts.layerNorm(embed(parts), 'embedding.norm');
  const padded = graph.op('Equal', [graph.op('Unsqueeze', ['attention_mask', graph.int([1, 2])]), graph.int(0)]);
  const change = (scores: string) =>
    graph.op('Where', [graph.op('Expand', [padded, graph.op('Shape', [scores])]), graph.float(lowest), scores]);
  return parts.finish(postNormLayer(parts, x, { name: 'layer.0', change }), textInputs);
}

/** MPNet: a learned bias per head for each distance between positions, the distances clipped. */
export function buildMpnet(form: EncoderForm): OnnxModel {
  const parts = new EncoderParts(form);
  const { graph } = parts;
  const x = parts.layerNorm(embed(parts), 'embedding.norm');
  const places = parts.positions('input_ids');
  const column = graph.op('Unsqueeze', [places, graph.int([1])]);
  const distance = graph.op('Sub', [graph.op('Unsqueeze', [places, graph.int([0])]), column]);
  const near = graph.op('Max', [graph.op('Min', [distance, graph.int(3)]), graph.int(-3)]);
  const table = parts.weight('relative_bias', [7, sizes.heads]);
  const looked = graph.op('Gather', [table, graph.op('Add', [near, graph.int(3)])]);
  const bias = graph.op('Unsqueeze', [
    graph.op('Transpose', [looked], { attributes: { perm: [2, 0, 1] } }),
    graph.int([0]),
  ]);
  const change = (scores: string) => graph.op('Add', [scores, bias]);
  return parts.finish(postNormLayer(parts, x, { name: 'layer.0', change }), textInputs);
}

/** CLIP text: causal mask, quick GELU, and the state at the end-of-text token (the largest id). */
export function buildClipText(form: EncoderForm): OnnxModel {
  const parts = new EncoderParts(form);
  const { graph } = parts;
  const places = parts.positions('input_ids');
  const later = graph.op('Greater', [
    graph.op('Unsqueeze', [places, graph.int([0])]),
    graph.op('Unsqueeze', [places, graph.int([1])]),
  ]);
  const mask = graph.op('Where', [later, graph.float(-1e30), graph.float(0)]);
  const change = (scores: string) => graph.op('Add', [scores, mask]);
  const x = parts.layerNorm(preNormLayer(parts, embed(parts), { name: 'layer.0', change }), 'final.norm');
  const last = graph.op('ArgMax', ['input_ids'], { attributes: { axis: 1, keepdims: 0 } });
  const rows = graph.op('Shape', ['input_ids']);
  const batch = graph.op('Gather', [rows, graph.int(0)], { attributes: { axis: 0 } });
  const row = graph.op('Range', [graph.int(0), batch, graph.int(1)]);
  const pair = [row, last].map((index) => graph.op('Unsqueeze', [index, graph.int([-1])]));
  const picked = graph.op('GatherND', [x, graph.op('Concat', pair, { attributes: { axis: -1 } })]);
  return parts.finish(graph.op('MatMul', [picked, parts.weight('projection', [sizes.hidden, 8])]), [
    idsInput('input_ids'),
  ]);
}

/** CLIP vision: patches by convolution, a class token put in front, the state at that token. */
export function buildClipVision(form: EncoderForm): OnnxModel {
  const parts = new EncoderParts(form);
  const { graph } = parts;
  const patches = graph.op('Conv', ['pixel_values', parts.weight('patches', [sizes.hidden, 3, 4, 4])], {
    attributes: { kernel_shape: [4, 4], strides: [4, 4] },
  });
  const flat = graph.op('Reshape', [patches, graph.int([0, sizes.hidden, -1])]);
  const tokens = graph.op('Transpose', [flat], { attributes: { perm: [0, 2, 1] } });
  const batch = graph.op('Slice', [graph.op('Shape', [tokens]), graph.int([0]), graph.int([1])]);
  const shape = graph.op('Concat', [batch, graph.int([1, sizes.hidden])], { attributes: { axis: 0 } });
  const first = graph.op('Expand', [parts.weight('class_token', [sizes.hidden]), shape]);
  const joined = graph.op('Concat', [first, tokens], { attributes: { axis: 1 } });
  const x = graph.op('Add', [joined, parts.weight('positions', [1, 5, sizes.hidden])]);
  const out = preNormLayer(parts, parts.layerNorm(x, 'first.norm'), { name: 'layer.0', change: (scores) => scores });
  const state = graph.op('Gather', [out, graph.int(0)], { attributes: { axis: 1 } });
  return parts.finish(parts.layerNorm(state, 'last.norm'), [
    makeValueInfo('pixel_values', dataTypes.float, ['batch', 3, 8, 8]),
  ]);
}
