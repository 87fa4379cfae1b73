import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelManifest } from '@embedding-studio/contracts';
import { decodeModel, encodeModel } from '../onnx/index.ts';
import { quantizeModel } from '../quantize/index.ts';
import { loadModelFolder, sha256 } from './model-folder.ts';
import { writeFileAtomically } from './write-file.ts';

/**
 * Writes the same model with whole-number products as a model folder of its own, which can be encoded with and timed
 * like any other.
 * @throws StudioError MODEL_INVALID for a damaged folder, GRAPH_UNSUPPORTED when there is nothing to quantise.
 */
export function quantizeFolder(modelFolder: string, outputFolder: string): void {
  const { manifest, onnx, tokenizerJson } = loadModelFolder(modelFolder);
  const bytes = encodeModel(quantizeModel(decodeModel(onnx)));
  const files = { 'model.onnx': sha256(bytes), 'tokenizer.json': manifest.files['tokenizer.json'] };
  const own: ModelManifest = { ...manifest, files };
  mkdirSync(outputFolder, { recursive: true });
  writeFileAtomically(join(outputFolder, 'tokenizer.json'), [Buffer.from(tokenizerJson, 'utf8')]);
  writeFileAtomically(join(outputFolder, 'model.onnx'), [bytes]);
  writeFileSync(join(outputFolder, 'manifest.json'), JSON.stringify(own, null, 2));
}
