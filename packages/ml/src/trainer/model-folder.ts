import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelManifest, StudioError } from '@embedding-studio/contracts';

export interface LoadedModel {
  manifest: ModelManifest;
  onnx: Uint8Array;
  tokenizerJson: string;
}

/**
 * Reads `manifest.json`, `model.onnx` and `tokenizer.json` and holds them to the manifest's hashes.
 * @throws StudioError MODEL_INVALID naming the file.
 */
export function loadModelFolder(folder: string): LoadedModel {
  const manifest = parseManifest(readFile(folder, 'manifest.json'));
  const onnx = readFile(folder, 'model.onnx');
  const tokenizer = readFile(folder, 'tokenizer.json');
  for (const [name, bytes] of [['model.onnx', onnx] as const, ['tokenizer.json', tokenizer] as const]) {
    if (sha256(bytes) === manifest.files[name]) continue;
    throw new StudioError('MODEL_INVALID', `${name} is not the file that manifest.json describes: its SHA-256 differs`);
  }
  return { manifest, onnx, tokenizerJson: tokenizer.toString('utf8') };
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function readFile(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, name));
  } catch (error) {
    throw new StudioError('MODEL_INVALID', `The model has no readable ${name}`, { cause: error });
  }
}

function parseManifest(bytes: Buffer): ModelManifest {
  try {
    return ModelManifest.parse(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    throw new StudioError('MODEL_INVALID', 'manifest.json is not a valid model manifest', { cause: error });
  }
}
