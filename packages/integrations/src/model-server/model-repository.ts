import { constants } from 'node:fs';
import { access, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelManifest, StudioError } from '@embedding-studio/contracts';
import type { ServedGraph } from './triton-config.ts';

/** Names become folders and URLs: letters, digits, `_`, `-` and `.`, never starting with a dot. */
export function checkModelName(name: string): string {
  if (/^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$/.test(name)) return name;
  throw new StudioError(
    'INPUT_INVALID',
    'A model name has 1 to 128 letters, digits, "_", "-" or "."; it does not start with a dot.',
    { field: 'model_name' },
  );
}

export function modelPath(repositoryFolder: string, name: string): string {
  return join(repositoryFolder, checkModelName(name), '1', 'model.onnx');
}

export async function hasModel(repositoryFolder: string, name: string): Promise<boolean> {
  return access(modelPath(repositoryFolder, name), constants.R_OK).then(
    () => true,
    () => false,
  );
}

export async function listModels(repositoryFolder: string): Promise<string[]> {
  const entries = await readdir(repositoryFolder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
}

/** Triton's layout `<name>/1/model.onnx` + `config.pbtxt`, written aside and renamed, so a reader sees all or nothing. */
export async function installModel(
  repositoryFolder: string,
  name: string,
  source: { onnxPath: string; config: string },
): Promise<void> {
  const target = join(repositoryFolder, checkModelName(name));
  if (await hasModel(repositoryFolder, name)) return;
  const temporary = join(repositoryFolder, `.${name}.${process.pid}.${globalThis.crypto.randomUUID()}`);
  await mkdir(join(temporary, '1'), { recursive: true });
  await copyFile(source.onnxPath, join(temporary, '1', 'model.onnx'));
  await writeFile(join(temporary, 'config.pbtxt'), source.config);
  try {
    // Over a folder that holds anything this fails: what somebody else has installed meanwhile is never taken away.
    await rename(temporary, target).catch(async (error: unknown) => {
      if (await hasModel(repositoryFolder, name)) return;
      if (!isFolderThere(error)) throw error;
      await rm(target, { recursive: true, force: true });
      await rename(temporary, target);
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function isFolderThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}

export async function removeModel(repositoryFolder: string, name: string): Promise<void> {
  await rm(join(repositoryFolder, checkModelName(name)), { recursive: true, force: true });
}

export function textGraph({ inputs, output, dims }: ModelManifest): ServedGraph {
  return {
    inputs: inputs.map((name) => ({ name, datatype: 'INT64', dims: [-1] })),
    output: { name: output, datatype: 'FP32', dims: [dims] },
  };
}

/** @throws StudioError MODEL_INVALID where the manifest describes no image tower */
export function towerGraph({ image, dims, name }: ModelManifest): ServedGraph {
  if (image === undefined) throw new StudioError('MODEL_INVALID', `The manifest of ${name} describes no image tower.`);
  return {
    inputs: [{ name: 'pixel_values', datatype: 'FP32', dims: [3, image.side, image.side] }],
    output: { name: 'image_embedding', datatype: 'FP32', dims: [dims] },
  };
}
