import type { ModelManifest } from '@embedding-studio/contracts';
import type { TritonServing } from './triton-config.ts';

/** Tensors of a layer that live at once, in widths of the model: residual, queries, keys, values, four of the feed-forward. */
const liveWidths = 9;
const headWidth = 32;
const floatBytes = 4;
/** Weights are held as the file has them and as the kernels want them. */
const weightCopies = 2;
const sessionBytes = 16 * 2 ** 20;

export interface MemoryFacts {
  /** Of the ONNX file: the weights. */
  fileBytes: number;
  manifest: Pick<ModelManifest, 'dims' | 'maxTokens'>;
  serving: Pick<TritonServing, 'maxBatchRows' | 'instances'>;
}

/**
 * Bytes that a loaded model takes at most: its weights, and the activations of the largest batch of the longest texts,
 * once for each instance. A rule of thumb for encoders, meant to err on the large side; docs/triton.md has what was measured.
 */
export function estimateMemory({ fileBytes, manifest, serving }: MemoryFacts): number {
  const rows = serving.maxBatchRows;
  const hidden = rows * manifest.maxTokens * manifest.dims * liveWidths;
  const heads = Math.max(1, Math.ceil(manifest.dims / headWidth));
  // Scores and their softmax.
  const attention = 2 * rows * heads * manifest.maxTokens ** 2;
  const activations = (hidden + attention) * floatBytes;
  return Math.ceil((sessionBytes + fileBytes * weightCopies + activations) * serving.instances);
}
