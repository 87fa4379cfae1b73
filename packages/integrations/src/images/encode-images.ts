import { readFile } from 'node:fs/promises';
import type { ImageTower } from '@embedding-studio/contracts';
import * as ort from 'onnxruntime-node';
import { readPixels } from './read-image.ts';

export interface LocalImages {
  /** Of the graph. */
  output: string;
  tower: ImageTower;
  paths: readonly string[];
  signal: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

const batchRows = 8;

/** Rows of an image network without a server, for what is made before anything serves. */
export async function encodeImages(onnx: Uint8Array, asked: LocalImages): Promise<Float32Array[]> {
  const { output, tower, paths, signal, onProgress } = asked;
  const session = await ort.InferenceSession.create(onnx, { executionProviders: ['cpu'] });
  const rows: Float32Array[] = [];
  for (let start = 0; start < paths.length; start += batchRows) {
    signal.throwIfAborted();
    const some = paths.slice(start, start + batchRows);
    const pixels = await Promise.all(some.map(async (path) => readPixels(await readFile(path), tower)));
    const values = new Float32Array(some.length * 3 * tower.side ** 2);
    pixels.forEach((image, row) => {
      values.set(image, row * image.length);
    });
    const shape = [some.length, 3, tower.side, tower.side];
    const { [output]: answer } = await session.run({ pixel_values: new ort.Tensor('float32', values, shape) });
    const found = answer?.data as Float32Array;
    const width = found.length / some.length;
    rows.push(...some.map((_, row) => found.slice(row * width, (row + 1) * width)));
    onProgress?.(rows.length, paths.length);
  }
  await session.release();
  return rows;
}
