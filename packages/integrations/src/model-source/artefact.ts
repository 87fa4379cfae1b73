import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelFiles, ModelManifest } from '@embedding-studio/contracts';
import { encodeModel, type OnnxModel } from '@embedding-studio/ml/onnx';
import type { BaseModel } from './catalogue.ts';
import { hashFile } from './file-hash.ts';

const hashBytes = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export interface ArtefactParts {
  onnx: OnnxModel;
  tokenizer: Record<string, unknown>;
}

function createManifest(model: BaseModel, source: string, files: ModelManifest['files']): ModelManifest {
  return {
    formatVersion: 1,
    name: model.name,
    dims: model.dims,
    maxTokens: model.maxTokens,
    inputs: ['input_ids', 'attention_mask'],
    output: 'sentence_embedding',
    queryPrefix: model.queryPrefix,
    itemPrefix: model.itemPrefix,
    parentId: null,
    method: null,
    trainedOn: null,
    licence: model.licence,
    source,
    files,
  };
}

export interface ArtefactPlace {
  folder: string;
  /** A folder on the same disk that is deleted afterwards. */
  scratch: string;
}

/** Writes the three files of an artefact in `scratch` and renames them into place together. */
export async function writeArtefact(
  { folder, scratch }: ArtefactPlace,
  { onnx, tokenizer }: ArtefactParts,
  { model, source }: { model: BaseModel; source: string },
): Promise<ModelFiles> {
  const unfinished = join(scratch, 'artefact');
  const graph = encodeModel(onnx);
  const words = new TextEncoder().encode(JSON.stringify(tokenizer));
  const manifest = createManifest(model, source, {
    'model.onnx': hashBytes(graph),
    'tokenizer.json': hashBytes(words),
  });
  await mkdir(unfinished);
  await writeFile(join(unfinished, 'model.onnx'), graph);
  await writeFile(join(unfinished, 'tokenizer.json'), words);
  await writeFile(join(unfinished, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await placeFolder(unfinished, { folder, scratch });
  return { folder, manifest };
}

// Another process may have finished first: its artefact stays if it is sound, else it makes room.
async function placeFolder(unfinished: string, { folder, scratch }: ArtefactPlace): Promise<void> {
  try {
    await rename(unfinished, folder);
  } catch (error) {
    if ((await findArtefact(folder)) !== null) return;
    await rename(folder, join(scratch, 'damaged')).catch(() => {
      throw error;
    });
    await rename(unfinished, folder);
  }
}

/** The artefact in a folder, or null when it is missing, unreadable or not what its manifest says. */
export async function findArtefact(folder: string): Promise<ModelFiles | null> {
  try {
    const manifest = ModelManifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
    for (const [name, hash] of Object.entries(manifest.files))
      if ((await hashFile(join(folder, name))) !== hash) return null;
    return { folder, manifest };
  } catch {
    return null;
  }
}
