import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFiles, ModelManifest, ModelRecord } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { fetchArtefact } from './fetch-artefact.ts';

/** Whether the model server is given the int8 variant: it was kept, and the installation wants such variants. */
export function servesInt8(ctx: Ctx, { variants }: ModelManifest): boolean {
  return ctx.deps.settings.serveInt8 === 'auto' && variants?.int8?.kept === true;
}

/** Vectors by the float encoder and by its variant are kept apart. */
export function vectorsKeyOf(ctx: Ctx, { artefactKey, manifest }: ModelRecord): string {
  return servesInt8(ctx, manifest) ? int8KeyOf(artefactKey) : artefactKey;
}

export function int8KeyOf(artefactKey: string): string {
  return `${artefactKey}int8/`;
}

/** The model folder as it is served: queries and items are embedded by the same file, so the index fits both. */
export async function fetchServedArtefact(ctx: Ctx, model: ModelRecord): Promise<ModelFiles> {
  const files = await fetchArtefact(ctx, model);
  const hash = model.manifest.files['model.int8.onnx'];
  if (!servesInt8(ctx, model.manifest) || hash === undefined) return files;
  const folder = `${files.folder}-int8`;
  const manifest: ModelManifest = { ...files.manifest, files: { ...files.manifest.files, 'model.onnx': hash } };
  await mkdir(folder, { recursive: true });
  await copyFile(join(files.folder, 'model.int8.onnx'), join(folder, 'model.onnx'));
  await copyFile(join(files.folder, 'tokenizer.json'), join(folder, 'tokenizer.json'));
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest, null, 2));
  return { folder, manifest };
}
