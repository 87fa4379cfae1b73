import { StudioError } from '@embedding-studio/contracts';
import { dataTypes, makeValueInfo, type OnnxModel } from '@embedding-studio/ml/onnx';
import { GraphBlocks } from './graph-blocks.ts';
import type { WeightTensor } from './safetensors.ts';

type Weights = ReadonlyMap<string, WeightTensor>;

/** A backbone as it is: `pixel_values` → `image_features`, not yet of anybody's space. */
export interface ImageBackbone {
  onnx: OnnxModel;
  features: number;
  side: number;
}

const side = 224;
const features = 1280;
const epsilon = 1e-3;
const blocks = 16;
/** Blocks that halve the picture. */
const halving = new Set([1, 3, 6, 13]);

class BackboneGraph extends GraphBlocks {
  finish(): OnnxModel {
    return this.createModel('mobilenet-v2', {
      input: [makeValueInfo('pixel_values', dataTypes.float, ['batch', 3, side, side])],
      output: [makeValueInfo('image_features', dataTypes.float, ['batch', features])],
    });
  }
}

interface Parts {
  graph: BackboneGraph;
  weights: Weights;
}

interface Convolution {
  /** Of the layer; its kernel ends in `kernel` or `depthwise_kernel`. */
  name: string;
  norm: string;
  stride?: number;
  isDepthwise?: boolean;
}

/** Keras weights of MobileNetV2 → features before any classifier; batch norms are folded into the convolutions. */
export function buildMobileNet(weights: Weights): ImageBackbone {
  const graph = new BackboneGraph();
  const parts = { graph, weights };
  let hidden = relu6(graph, convolve(parts, 'pixel_values', { name: 'Conv1', norm: 'bn_Conv1', stride: 2 }).output);
  let { output, channels } = narrow(parts, hidden, { at: 'expanded_conv', stride: 1 });
  for (let index = 1; index <= blocks; index++) {
    const at = `block_${index}`;
    const raised = convolve(parts, output, { name: `${at}_expand`, norm: `${at}_expand_BN` });
    const stride = halving.has(index) ? 2 : 1;
    const lowered = narrow(parts, relu6(graph, raised.output), { at, stride });
    const isResidual = stride === 1 && lowered.channels === channels;
    output = isResidual ? graph.add(output, lowered.output) : lowered.output;
    channels = lowered.channels;
  }
  hidden = relu6(graph, convolve(parts, output, { name: 'Conv_1', norm: 'Conv_1_bn' }).output);
  const means = graph.builder.op('ReduceMean', [hidden], { attributes: { axes: [2, 3], keepdims: 0 } });
  // What a picture shows of many things counts more than how much it shows of one.
  graph.builder.op('Sqrt', [means], { output: 'image_features' });
  return { onnx: graph.finish(), features, side };
}

function narrow(parts: Parts, input: string, { at, stride }: { at: string; stride: number }) {
  const deep = { name: `${at}_depthwise`, norm: `${at}_depthwise_BN`, stride, isDepthwise: true };
  const spread = relu6(parts.graph, convolve(parts, input, deep).output);
  return convolve(parts, spread, { name: `${at}_project`, norm: `${at}_project_BN` });
}

function relu6({ builder }: BackboneGraph, input: string): string {
  return builder.op('Clip', [input, builder.float(0), builder.float(6)]);
}

function convolve({ graph, weights }: Parts, input: string, layer: Convolution): { output: string; channels: number } {
  const { name, norm, stride = 1, isDepthwise = false } = layer;
  const kernel = find(weights, `${name}/${isDepthwise ? 'depthwise_kernel' : 'kernel'}`);
  const [height = 1, width = 1, inner = 1, outer = 1] = kernel.dims;
  const channels = isDepthwise ? inner : outer;
  const { scale, shift } = foldNorm(weights, norm, channels);
  const perGroup = isDepthwise ? 1 : inner;
  const folded = new Float32Array(kernel.values.length);
  for (let y = 0; y < height * width; y++)
    for (let i = 0; i < inner; i++)
      for (let o = 0; o < outer; o++) {
        const channel = isDepthwise ? i : o;
        const to = (channel * perGroup + (isDepthwise ? 0 : i)) * height * width + y;
        folded[to] = (kernel.values[(y * inner + i) * outer + o] ?? 0) * (scale[channel] ?? 0);
      }
  const { builder } = graph;
  const filter = builder.init(`${name}.weight`, [channels, perGroup, height, width], folded);
  // Keras pads behind where a layer halves, on all sides where it does not.
  const pads = height === 1 ? [0, 0, 0, 0] : stride === 2 ? [0, 0, 1, 1] : [1, 1, 1, 1];
  const attributes = {
    ...{ kernel_shape: [height, width], strides: [stride, stride], pads },
    group: isDepthwise ? inner : 1,
  };
  return {
    output: builder.op('Conv', [input, filter, builder.init(`${name}.bias`, [channels], shift)], { attributes }),
    channels,
  };
}

function foldNorm(weights: Weights, name: string, channels: number): { scale: Float32Array; shift: Float32Array } {
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
    (part) => find(weights, `${name}/${part}`).values,
  );
  const scale = Float32Array.from(
    { length: channels },
    (_, at) => (gamma?.[at] ?? 0) / Math.sqrt((variance?.[at] ?? 0) + epsilon),
  );
  const shift = Float32Array.from(scale, (by, at) => (beta?.[at] ?? 0) - (mean?.[at] ?? 0) * by);
  return { scale, shift };
}

function find(weights: Weights, name: string): WeightTensor {
  const tensor = weights.get(name);
  if (tensor !== undefined) return tensor;
  throw new StudioError('MODEL_INVALID', `The weights of MobileNetV2 lack ${name}.`);
}
