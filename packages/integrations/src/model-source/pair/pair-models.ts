import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageTower, type ModelFiles, ModelManifest, StudioError } from '@embedding-studio/contracts';
import { dataTypes, encodeModel, GraphBuilder, makeValueInfo, type OnnxModel } from '@embedding-studio/ml/onnx';
import { encodeImages } from '../../images/encode-images.ts';
import type { BackboneAccess } from './find-backbone.ts';
import { findBackbone } from './find-backbone.ts';
import { fitProjection, type Projection } from './fit-projection.ts';

export interface PairRequest extends BackboneAccess {
  text: ModelFiles;
  /** A name of the catalogue of image backbones. */
  image: string;
  /** Files of pictures like those that will be searched; they say what pictures have in common. */
  pictures: readonly string[];
  /** Where the artefact is written; what is there is replaced. */
  folder: string;
  seed: number;
  onProgress?: (done: number, total: number) => void;
}

const samplesMax = 2_000;
const samplesMin = 16;

/**
 * A model of two towers: a text encoder as it is, and a frozen image backbone whose features are brought to the text's
 * number of dimensions. The two spaces have nothing to do with each other until clicks have taught them.
 */
export async function pairModels(request: PairRequest): Promise<ModelFiles> {
  const { text, folder, pictures, seed, onProgress } = request;
  const { dims } = text.manifest;
  if (pictures.length < samplesMin)
    throw new StudioError(
      'INPUT_INVALID',
      `pictures: at least ${samplesMin} are needed, ${pictures.length} are there`,
      {
        field: 'pictures',
      },
    );
  const backbone = await findBackbone(request.image, request);
  const tower: ImageTower = { side: backbone.side, mean: [0, 0, 0], std: [1, 1, 1] };
  const step = Math.max(1, pictures.length / samplesMax);
  const chosen = Array.from(
    { length: Math.min(samplesMax, pictures.length) },
    (_, at) => pictures[Math.floor(at * step)] ?? '',
  );
  const sample = await encodeImages(encodeModel(backbone.onnx), {
    ...{ output: 'image_features', tower, paths: chosen, signal: request.signal },
    ...(onProgress && { onProgress }),
  });
  const onnx = appendProjection(backbone.onnx, {
    dims,
    features: backbone.features,
    ...fitProjection(sample, { dims, seed }),
  });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const file of ['model.onnx', 'tokenizer.json']) await copyFile(join(text.folder, file), join(folder, file));
  const bytes = encodeModel(onnx);
  await writeFile(join(folder, 'image.onnx'), bytes);
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
    image: tower,
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
