import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest } from '@embedding-studio/contracts';
import { type WordModel, wordModelDims } from './word-model.ts';

/** Writes the three files of a base model and returns their folder. */
export async function writeWordArtefact(folder: string, model: WordModel = { synonyms: {} }): Promise<string> {
  const files = { 'model.onnx': JSON.stringify(model), 'tokenizer.json': '{}' };
  const manifest: ModelManifest = {
    ...{ formatVersion: 1, name: 'words', dims: wordModelDims, maxTokens: 64, output: 'sentence_embedding' },
    ...{ inputs: ['input_ids', 'attention_mask'], queryPrefix: '', itemPrefix: '', parentId: null, method: null },
    ...{ trainedOn: null, licence: 'none', source: 'test' },
    files: { 'model.onnx': hash(files['model.onnx']), 'tokenizer.json': hash(files['tokenizer.json']) },
  };
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries({ ...files, 'manifest.json': JSON.stringify(manifest) }))
    await writeFile(join(folder, name), content);
  return folder;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
