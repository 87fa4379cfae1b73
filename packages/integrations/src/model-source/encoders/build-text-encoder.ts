import { StudioError } from '@embedding-studio/contracts';
import type { OnnxModel } from '@embedding-studio/ml/onnx';
import { z } from 'zod';
import { bert, roberta } from './bert.ts';
import { clip } from './clip.ts';
import { distilbert } from './distilbert.ts';
import { addLinear } from './encoder-layers.ts';
import { mpnet } from './mpnet.ts';
import type { Tensors, TextBody, TextFamily } from './text-family.ts';
import type { Pooling } from './text-graph.ts';
import { WeightBook } from './weight-book.ts';

const families: readonly TextFamily[] = [bert, roberta, mpnet, distilbert, clip];

/** Values of `model_type` in a `config.json` that can be read, sorted. */
export function listModelTypes(): string[] {
  return families.flatMap(({ modelTypes }) => modelTypes).sort();
}

/** A linear layer after the pooling, as some sentence encoders have. */
export interface DenseLayer {
  tensors: Tensors;
  inner: number;
  outer: number;
  hasBias: boolean;
  activation: 'tanh' | null;
}

export interface TextEncoderOptions {
  pooling: Pooling;
  dense: readonly DenseLayer[];
}

export interface TextEncoder {
  onnx: OnnxModel;
  modelType: string;
  dims: number;
  tokensMax: number;
}

function findFamily(config: unknown): { family: TextFamily; modelType: string } {
  const named = z.looseObject({ model_type: z.string() }).safeParse(config);
  const modelType = named.data?.model_type ?? '';
  const family = families.find(({ modelTypes }) => modelTypes.includes(modelType));
  if (family) return { family, modelType };
  const says = named.success ? `is that of a ${modelType} model` : 'names no model_type';
  throw new StudioError('MODEL_INVALID', `config.json ${says}; known: ${listModelTypes().join(', ')}.`);
}

function addDense({ graph }: TextBody, input: string, { layer, index }: { layer: DenseLayer; index: number }): string {
  const { inner, outer, hasBias, activation } = layer;
  const named = new Map(
    [...layer.tensors].map(([name, tensor]) => [name.replace(/^linear/, `dense.${index}`), tensor]),
  );
  const parts = { graph, weights: new WeightBook(named) };
  const raised = addLinear(parts, input, { name: `dense.${index}`, inner, outer, hasBias });
  return activation === null ? raised : graph.activation(raised, activation);
}

/**
 * Weights by their usual names → ONNX graph (opset 17) from token ids to unit vectors, by the family that the config
 * names.
 * @throws StudioError MODEL_INVALID naming the family, weight or setting that is unknown, missing or of another shape.
 */
export function buildTextEncoder(tensors: Tensors, config: unknown, options: TextEncoderOptions): TextEncoder {
  const { family, modelType } = findFamily(config);
  const body = family.build(tensors, config);
  let vectors = body.isPooled ? body.output : body.graph.pool(body.output, options.pooling);
  let dims = body.size;
  for (const [index, layer] of options.dense.entries()) {
    vectors = addDense(body, vectors, { layer, index });
    dims = layer.outer;
  }
  return { onnx: body.graph.finish(vectors, { name: modelType, dims }), modelType, dims, tokensMax: body.tokensMax };
}
