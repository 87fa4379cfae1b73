import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageTower, type ModelFiles, ModelManifest } from '@embedding-studio/contracts';
import { encodeModel, type OnnxModel } from '@embedding-studio/ml/onnx';
import { hashFile } from './file-hash.ts';

const hashBytes = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export interface ArtefactParts {
  onnx: OnnxModel;
  tokenizer: Record<string, unknown>;
  image?: { onnx: OnnxModel; tower: ImageTower };
}

/** What a base model says of itself. */
export type ModelFacts = Pick<
  ModelManifest,
  'name' | 'dims' | 'maxTokens' | 'queryPrefix' | 'itemPrefix' | 'licence' | 'source'
> & { inputs?: ModelManifest['inputs'] };

function createManifest(
  facts: ModelFacts,
  files: ModelManifest['files'],
  image: ImageTower | undefined,
): ModelManifest {
  return {
    formatVersion: 1,
    inputs: ['input_ids', 'attention_mask'],
    ...facts,
    output: 'sentence_embedding',
    parentId: null,
    method: null,
    trainedOn: null,
    files,
    ...(image && { image }),
  };
}

export interface ArtefactPlace {
  folder: string;
  /** A folder on the same disk that is deleted afterwards. */
  scratch: string;
}

/** Writes the files of an artefact in `scratch` and renames them into place together. */
export async function writeArtefact(
  { folder, scratch }: ArtefactPlace,
  { onnx, tokenizer, image }: ArtefactParts,
  facts: ModelFacts,
): Promise<ModelFiles> {
  const unfinished = join(scratch, 'artefact');
  await mkdir(unfinished);
  const write = async (name: string, bytes: Uint8Array) => {
    await writeFile(join(unfinished, name), bytes);
    return hashBytes(bytes);
  };
  const files: ModelManifest['files'] = {
    'model.onnx': await write('model.onnx', encodeModel(onnx)),
    'tokenizer.json': await write('tokenizer.json', new TextEncoder().encode(JSON.stringify(tokenizer))),
    ...(image && { 'image.onnx': await write('image.onnx', encodeModel(image.onnx)) }),
  };
  const manifest = createManifest(facts, files, image?.tower);
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
