import type { ModelRecord } from '../model.ts';

export interface EmbedImagesRequest {
  model: Pick<ModelRecord, 'id' | 'name' | 'artefactKey' | 'manifest'>;
  /** Files as they were sent: PNG, JPEG or WebP. */
  images: readonly Uint8Array[];
  signal?: AbortSignal;
}

/** Images → unit vectors by the image tower of a model, in the space of its texts. */
export interface ImageEncoder {
  /** INPUT_INVALID (field `image`) for anything that is not a whole PNG, JPEG or WebP of reasonable size. */
  checkImage(image: Uint8Array): Promise<void>;
  /** The file behind an https address on the public internet. INPUT_INVALID, SOURCE_UNREACHABLE, BODY_TOO_LARGE. */
  fetchImage(url: string, signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * One vector of the model's `dims` per image, in order; the server is given the tower when it has none. INPUT_INVALID
   * (field `image`) for a model without image tower, MODEL_SERVER_UNAVAILABLE on time-out.
   */
  embedImages(request: EmbedImagesRequest): Promise<Float32Array[]>;
}
