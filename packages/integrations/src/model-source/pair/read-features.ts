import { type ImageTower, StudioError } from '@embedding-studio/contracts';
import { encodeModel } from '@embedding-studio/ml/onnx';
import { encodeImages } from '../../images/encode-images.ts';
import { type BackboneAccess, type FoundBackbone, findBackbone } from './find-backbone.ts';

export interface FeatureRequest extends BackboneAccess {
  /** A name of the catalogue of image backbones. */
  image: string;
  /** Files. */
  pictures: readonly string[];
  onProgress?: (done: number, total: number) => void;
}

/** What an image backbone says of pictures, before anything brings it into the space of a text. */
export interface PictureFeatures {
  backbone: FoundBackbone;
  tower: ImageTower;
  /** By file, in the order asked for. */
  rows: ReadonlyMap<string, Float32Array>;
}

export const picturesMin = 16;

/** @throws StudioError INPUT_INVALID for too few pictures or an unknown backbone, SOURCE_UNREACHABLE */
export async function readFeatures(request: FeatureRequest): Promise<PictureFeatures> {
  const { pictures, signal, onProgress } = request;
  if (pictures.length < picturesMin) {
    const message = `pictures: at least ${picturesMin} are needed, ${pictures.length} are there`;
    throw new StudioError('INPUT_INVALID', message, { field: 'pictures' });
  }
  const backbone = await findBackbone(request.image, request);
  const tower: ImageTower = { side: backbone.side, mean: [0, 0, 0], std: [1, 1, 1] };
  const found = await encodeImages(encodeModel(backbone.onnx), {
    ...{ output: 'image_features', tower, paths: pictures, signal },
    ...(onProgress && { onProgress }),
  });
  return { backbone, tower, rows: new Map(pictures.map((path, at) => [path, found[at] ?? new Float32Array()])) };
}
