import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelManifest, ModelRecord } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { fetchArtefact } from './fetch-artefact.ts';

/** The image tower beside a trained text tower: that of the base model, or what an adapter of both sides has made of it. */
export async function inheritImage(
  ctx: Ctx,
  { base, output }: { base: ModelRecord; output: string },
): Promise<Pick<ModelManifest['files'], 'image.onnx'>> {
  const hash = base.manifest.files['image.onnx'];
  if (hash === undefined) return {};
  const moved = await readFile(join(output, 'image.onnx')).catch(() => null);
  if (moved !== null) return { 'image.onnx': sha256(moved) };
  const { folder } = await fetchArtefact(ctx, base);
  await copyFile(join(folder, 'image.onnx'), join(output, 'image.onnx'));
  return { 'image.onnx': hash };
}
