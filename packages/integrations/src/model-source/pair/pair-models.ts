import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageAlignment, type ModelFiles, ModelManifest } from '@embedding-studio/contracts';
import { dataTypes, encodeModel, GraphBuilder, makeValueInfo, type OnnxModel } from '@embedding-studio/ml/onnx';
import { type Caption, type FittedHead, fitHead } from './fit-head.ts';
import type { Projection } from './fit-projection.ts';
import { type FeatureRequest, type PictureFeatures, readFeatures } from './read-features.ts';

export interface PairRequest extends FeatureRequest {
  text: ModelFiles;
  /** Captions of some of the pictures: these are brought to where their captions are. */
  captions?: readonly Caption[];
  /** Of the pictures, where they have been read before. */
  features?: PictureFeatures;
  /** Where the artefact is written; what is there is replaced. */
  folder: string;
  seed: number;
}

export type PairedModel = ModelFiles & { head: FittedHead };

/** Pictures, or captions, that a fit looks at. */
const samplesMax = 2_000;

/**
 * A model of two towers: a text encoder as it is, and a frozen image backbone whose features are brought to the text's
 * number of dimensions: to where captions are, else to a space of their own that only clicks can join to the text's.
 */
export async function pairModels(request: PairRequest): Promise<PairedModel> {
  const { text, seed } = request;
  const { dims } = text.manifest;
  const captions = sample(request.captions ?? []);
  const pictures = captions.length > 0 ? captions.map(({ path }) => path) : sample(request.pictures);
  const read = request.features ?? (await readFeatures({ ...request, pictures }));
  const rows = new Map(pictures.map((path) => [path, read.rows.get(path) ?? new Float32Array()]));
  const head = fitHead(rows, { captions, dims, seed });
  const onnx = appendProjection(read.backbone.onnx, { dims, features: read.backbone.features, ...head });
  return { ...(await writePair(request, { read, onnx, alignment: head.alignment })), head };
}

function sample<T>(all: readonly T[]): readonly T[] {
  const step = all.length / samplesMax;
  return step <= 1 ? all : Array.from({ length: samplesMax }, (_, at) => all[Math.floor(at * step)] as T);
}

async function writePair(
  { text, folder }: PairRequest,
  made: { read: PictureFeatures; onnx: OnnxModel; alignment: ImageAlignment | null },
): Promise<ModelFiles> {
  const { backbone, tower } = made.read;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const file of ['model.onnx', 'tokenizer.json']) await copyFile(join(text.folder, file), join(folder, file));
  await writeFile(join(folder, 'image.onnx'), encodeModel(made.onnx));
  const hashOf = async (file: string) =>
    createHash('sha256')
      .update(await readFile(join(folder, file)))
      .digest('hex');
  const { variants: _measured, ...described } = text.manifest;
  const manifest = ModelManifest.parse({
    ...described,
    name: `${text.manifest.name}-${backbone.name}`,
    licence: `${text.manifest.licence}; image tower ${backbone.licence}`,
    source: `${text.manifest.source}; ${backbone.source}`,
    image: { ...tower, ...(made.alignment && { alignment: made.alignment }) },
    files: { ...(await hashAll(hashOf)), 'image.onnx': await hashOf('image.onnx') },
  });
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return { folder, manifest };
}

async function hashAll(hashOf: (file: string) => Promise<string>) {
  return { 'model.onnx': await hashOf('model.onnx'), 'tokenizer.json': await hashOf('tokenizer.json') };
}

/** `image_features` → `image_embedding` of unit length. */
function appendProjection(
  backbone: OnnxModel,
  { dims, features, weight, bias }: Projection & { dims: number; features: number },
): OnnxModel {
  const g = new GraphBuilder('pair:');
  const product = g.op('MatMul', ['image_features', g.init('pair:weight', [features, dims], weight)]);
  const sum = g.op('Add', [product, g.init('pair:bias', [dims], bias)]);
  const square = g.op('ReduceSum', [g.op('Mul', [sum, sum]), g.int([-1])], { attributes: { keepdims: 1 } });
  g.op('Div', [sum, g.op('Sqrt', [g.op('Max', [square, g.float(1e-24)])])], { output: 'image_embedding' });
  const { graph } = backbone;
  return {
    ...backbone,
    graph: {
      ...graph,
      node: [...graph.node, ...g.nodes],
      initializer: [...graph.initializer, ...g.initializers],
      output: [makeValueInfo('image_embedding', dataTypes.float, ['batch', dims])],
    },
  };
}
