import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EmbedImagesRequest,
  type ImageEncoder,
  type ImageTower,
  imageTowerName,
  isStudioError,
  type ObjectStore,
  StudioError,
} from '@embedding-studio/contracts';
import type { ModelServerClient } from '../model-server/client.ts';
import { readRow } from '../model-server/read-row.ts';
import type { Tensor } from '../model-server/tensor-protocol.ts';
import type { HostGuard } from '../sources/network/host-guard.ts';
import { createImageFetch } from './fetch-image.ts';
import { checkImage, readPixels } from './read-image.ts';

export interface ImageEncoderSettings {
  server: Pick<ModelServerClient, 'infer' | 'loadModel' | 'installImageTower'>;
  objects: Pick<ObjectStore, 'getFile'>;
  /** Decides which hosts pictures may come from. */
  guard: HostGuard;
  /** Images per request to the server; each takes 600 kB at 224 pixels. */
  batchRows: number;
}

interface Tower {
  name: string;
  spec: ImageTower;
}

/** The ImageEncoder port over a KServe v2 server: decodes and scales here, sends tensors. */
export function createImageEncoder(settings: ImageEncoderSettings): ImageEncoder {
  return {
    checkImage,
    fetchImage: createImageFetch(settings.guard),
    async embedImages(request) {
      const tower = towerOf(request);
      const vectors: Float32Array[] = [];
      for (let start = 0; start < request.images.length; start += settings.batchRows) {
        const some = request.images.slice(start, start + settings.batchRows);
        const input = await toTensor(some, tower.spec);
        request.signal?.throwIfAborted();
        const output = await inferWithTower(settings, { request, tower, input });
        vectors.push(...some.map((_, row) => readRow(output, { row, dims: request.model.manifest.dims })));
      }
      return vectors;
    },
  };
}

function towerOf({ model }: EmbedImagesRequest): Tower {
  const { image: spec, files } = model.manifest;
  const hash = files['image.onnx'];
  if (spec !== undefined && hash !== undefined) return { name: imageTowerName(hash), spec };
  throw new StudioError('INPUT_INVALID', `image: the model ${model.name} reads texts only`, { field: 'image' });
}

async function toTensor(images: readonly Uint8Array[], spec: ImageTower): Promise<Tensor> {
  const { side } = spec;
  const values = new Float32Array(images.length * 3 * side * side);
  const rows = await Promise.all(images.map((image) => readPixels(image, spec)));
  rows.forEach((pixels, row) => {
    values.set(pixels, row * pixels.length);
  });
  return { name: 'pixel_values', datatype: 'FP32', shape: [images.length, 3, side, side], values };
}

interface InferJob {
  request: EmbedImagesRequest;
  tower: Tower;
  input: Tensor;
}

/** Towers are served once somebody needs them, also again after the server has forgotten them. */
async function inferWithTower(settings: ImageEncoderSettings, { request, tower, input }: InferJob): Promise<Tensor> {
  const { signal } = request;
  const asked = { model: tower.name, inputs: [input], output: 'image_embedding', priority: 2 as const };
  const send = () => settings.server.infer({ ...asked, ...(signal && { signal }) });
  try {
    return await send();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await settings.server.loadModel(tower.name).catch(async (error: unknown) => {
    if (!isMissing(error)) throw error;
    await install(settings, { request, tower });
    await settings.server.loadModel(tower.name);
  });
  return send();
}

async function install(
  { server, objects }: ImageEncoderSettings,
  { request, tower }: Pick<InferJob, 'request' | 'tower'>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'image-tower-'));
  try {
    const path = join(folder, 'image.onnx');
    await objects.getFile(`${request.model.artefactKey}image.onnx`, path);
    await server.installImageTower(tower.name, path, request.model.manifest);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const isMissing = (error: unknown): boolean => isStudioError(error) && error.code === 'MODEL_NOT_FOUND';
