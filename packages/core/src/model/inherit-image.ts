import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest, ModelRecord } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { fetchArtefact } from './fetch-artefact.ts';

/** Copies the image tower of a base model beside its trained text tower: training never changes it. */
export async function inheritImage(
  ctx: Ctx,
  { base, output }: { base: ModelRecord; output: string },
): Promise<Pick<ModelManifest['files'], 'image.onnx'>> {
  const hash = base.manifest.files['image.onnx'];
  if (hash === undefined) return {};
  const { folder } = await fetchArtefact(ctx, base);
  await copyFile(join(folder, 'image.onnx'), join(output, 'image.onnx'));
  return { 'image.onnx': hash };
}
