import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFiles, ModelRecord } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import { listArtefactFiles } from './register-model.ts';

/** The files of a model on the local disk, fetched once and checked by hash every time. */
export async function fetchArtefact(ctx: Ctx, model: ModelRecord): Promise<ModelFiles> {
  const folder = join(ctx.deps.settings.workFolder, 'models', model.id);
  await mkdir(folder, { recursive: true });
  for (const [file, hash] of listArtefactFiles(model.manifest)) {
    const path = join(folder, file);
    const found = await readFile(path).then(sha256, () => null);
    if (found !== hash) await ctx.deps.objects.getFile(`${model.artefactKey}${file}`, path);
  }
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(model.manifest, null, 2));
  return { folder, manifest: model.manifest };
}
