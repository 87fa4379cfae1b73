import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ModelManifest, type ModelRecord, StudioError } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';

type ArtefactFile = keyof ModelManifest['files'];

/** The files of an artefact and their hashes, without those that it does not have. */
export function listArtefactFiles({ files }: ModelManifest): [ArtefactFile, string][] {
  return (Object.entries(files) as [ArtefactFile, string | undefined][]).flatMap(([name, hash]) =>
    hash === undefined ? [] : [[name, hash]],
  );
}

/** Puts the files of an artefact into the object store, then the row: a row always has its files. Idempotent on id. */
export async function registerModel(
  ctx: Ctx,
  artefact: { id: string; folder: string; manifest: ModelManifest },
): Promise<ModelRecord> {
  const { id, folder, manifest } = artefact;
  const artefactKey = `models/${id}/`;
  for (const [file, hash] of listArtefactFiles(manifest)) {
    await checkFile(join(folder, file), hash);
    await ctx.deps.objects.putFile(`${artefactKey}${file}`, join(folder, file));
  }
  await ctx.deps.objects.putObject(`${artefactKey}manifest.json`, Buffer.from(JSON.stringify(manifest, null, 2)));
  return ctx.deps.models.createModel({ id, name: manifest.name, status: 'registered', manifest, artefactKey });
}

async function checkFile(path: string, expected: string): Promise<void> {
  const found = sha256(await readFile(path));
  if (found !== expected) {
    throw new StudioError('MODEL_INVALID', `${path} has SHA-256 ${found}; the manifest says ${expected}.`);
  }
}
