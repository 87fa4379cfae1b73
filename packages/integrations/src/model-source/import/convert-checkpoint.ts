import { readFile, stat } from 'node:fs/promises';
import type { ImageTower } from '@embedding-studio/contracts';
import { requireTotal } from '@embedding-studio/ml/onnx';
import { z } from 'zod';
import type { ArtefactParts, ModelFacts } from '../artefact.ts';
import { buildTextEncoder, type TextEncoderOptions } from '../encoders/build-text-encoder.ts';
import { buildClipVision } from '../encoders/clip.ts';
import { readSafetensors } from '../encoders/safetensors.ts';
import type { Tensors } from '../encoders/text-family.ts';
import type { Pooling } from '../encoders/text-graph.ts';
import { toPlainTokenizer } from '../tokenizer-file.ts';
import {
  findJson,
  findWeights,
  invalidCheckpoint,
  readModules,
  readTokenizer,
  type WeightPlace,
} from './checkpoint-layout.ts';
import { convertOnnx } from './convert-onnx.ts';
import { readEncoderOptions, readPrefixes, readTokensMax } from './encoder-settings.ts';

/** Lays a person's word over what the checkpoint says. */
export interface ImportChoices {
  pooling?: Pooling;
  maxTokens?: number;
  queryPrefix?: string;
  itemPrefix?: string;
  format?: WeightPlace['format'];
}

export interface ConvertedCheckpoint {
  parts: ArtefactParts;
  facts: Pick<ModelFacts, 'dims' | 'maxTokens' | 'queryPrefix' | 'itemPrefix' | 'inputs'>;
  /** Files that hold the weights: their hashes name the model. */
  weightFiles: string[];
  /** What was understood, in words. */
  notes: string[];
}

const tokensFallback = 512;

interface ConvertedGraph extends Pick<ArtefactParts, 'onnx' | 'image'> {
  dims: number;
  tokensMax: number | null;
  inputs?: ModelFacts['inputs'];
  notes: string[];
}

async function readTensors(files: readonly string[]): Promise<Tensors> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  requireTotal(sizes.reduce((sum, size) => sum + size, 0));
  const shards: Tensors[] = [];
  for (const file of files) shards.push(readSafetensors(await readFile(file)));
  return new Map(shards.flatMap((shard) => [...shard]));
}

const Preprocessor = z.looseObject({
  image_mean: z.array(z.number()).length(3),
  image_std: z.array(z.number().positive()).length(3),
});
/** What CLIP was trained with. */
const clipPixels = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
};

async function buildVision(folder: string, tensors: Tensors, config: unknown) {
  const hasVision = [...tensors.keys()].some((name) => name.endsWith('vision_model.embeddings.class_embedding'));
  if (!hasVision) return undefined;
  const { onnx, side } = buildClipVision(tensors, config);
  const stated = Preprocessor.safeParse(await findJson(folder, 'preprocessor_config.json')).data;
  const pixels = stated ? { mean: stated.image_mean, std: stated.image_std } : clipPixels;
  const tower: ImageTower = { side, ...pixels };
  return { onnx, tower };
}

async function buildFromWeights(
  folder: string,
  files: readonly string[],
  options: TextEncoderOptions,
): Promise<ConvertedGraph> {
  const config = await findJson(folder, 'config.json');
  if (config === null) throw invalidCheckpoint('there is no config.json beside its weights');
  const tensors = await readTensors(files);
  const built = buildTextEncoder(tensors, config, options);
  const image = built.modelType === 'clip' ? await buildVision(folder, tensors, config) : undefined;
  const pooled = built.modelType === 'clip' ? 'the token that ends the text' : options.pooling;
  return {
    ...{ onnx: built.onnx, dims: built.dims, tokensMax: built.tokensMax, image },
    notes: [
      `${built.modelType} written from its weights, pooled by ${pooled}`,
      ...(options.dense.length > 0 ? [`${options.dense.length} dense layer(s) behind the pooling`] : []),
      ...(image ? [`reads images of ${image.tower.side} x ${image.tower.side} pixels too`] : []),
    ],
  };
}

const Positions = z.looseObject({
  model_type: z.string().default(''),
  max_position_embeddings: z.number().int().min(8),
  pad_token_id: z.number().int().min(0).default(0),
});

/** Positions of an export, from the config beside it: RoBERTa and MPNet count theirs from after the padding's id. */
async function readPositions(folder: string): Promise<number | null> {
  const { data } = Positions.safeParse(await findJson(folder, 'config.json'));
  if (!data) return null;
  const hasOffset = /^(xlm-)?roberta$|^camembert$|^mpnet$/.test(data.model_type);
  return data.max_position_embeddings - (hasOffset ? data.pad_token_id + 1 : 0);
}

async function buildFromExport(folder: string, file: string, options: TextEncoderOptions): Promise<ConvertedGraph> {
  return { ...(await convertOnnx(file, options)), tokensMax: await readPositions(folder) };
}

/**
 * A checkpoint's folder → graph, tokenizer and what the manifest says of them.
 * @throws StudioError MODEL_INVALID or GRAPH_UNSUPPORTED naming what is missing, unknown or refused, and what to do.
 */
export async function convertCheckpoint(root: string, choices: ImportChoices): Promise<ConvertedCheckpoint> {
  const modules = await readModules(root);
  const [{ folder } = { folder: root }] = modules;
  const place = await findWeights(folder, choices.format);
  const tokenizer = toPlainTokenizer(await readTokenizer(root, folder));
  const options = await readEncoderOptions(modules, choices.pooling);
  const graph =
    place.format === 'onnx'
      ? await buildFromExport(folder, place.file, options)
      : await buildFromWeights(folder, place.files, options);
  const stated = choices.maxTokens ?? (await readTokensMax(root, folder));
  const room = graph.tokensMax ?? stated ?? tokensFallback;
  const maxTokens = Math.min(stated ?? room, room);
  const prefixes = await readPrefixes(root);
  return {
    parts: { onnx: graph.onnx, tokenizer, ...(graph.image && { image: graph.image }) },
    facts: {
      dims: graph.dims,
      maxTokens,
      queryPrefix: choices.queryPrefix ?? prefixes.queryPrefix,
      itemPrefix: choices.itemPrefix ?? prefixes.itemPrefix,
      ...(graph.inputs && { inputs: graph.inputs }),
    },
    weightFiles: place.format === 'onnx' ? [place.file] : place.files,
    notes: graph.notes,
  };
}
