import { join } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import { countDocuments, restoreDocuments } from '@embedding-studio/db/mongo';
import { countRows } from '@embedding-studio/db/postgres';
import { type BackUpOptions, type ProjectStores, partsOf, sum } from './back-up.ts';
import { type BackupManifest, checkManifest } from './manifest.ts';
import { deleteOwnObjects, listOwnObjects } from './own-objects.ts';
import { restoreDatabase } from './postgres-dump.ts';

export interface RestoreOptions extends BackUpOptions {
  /** Also where something is there already: it is lost. */
  force: boolean;
}

/** Checks the whole backup before it touches anything, then replaces what each project of it keeps. */
export async function restore(options: RestoreOptions): Promise<BackupManifest> {
  const { folder, projects, force, programs, say } = options;
  const manifest = await checkManifest(folder);
  const chosen = manifest.projects.map(({ slug }) => findProject(projects, slug));
  if (!force) for (const project of chosen) await refuseUsed(project);
  for (const project of chosen) {
    const parts = partsOf(folder, project.slug);
    const files = manifest.files.filter(({ path }) => path.startsWith(`${project.slug}/objects/`));
    await deleteOwnObjects(project.objects);
    for (const { path } of files)
      await project.objects.putFile(path.slice(`${project.slug}/objects/`.length), join(folder, path));
    const counts = await restoreDocuments(project.documents, parts.documents);
    await restoreDatabase(programs, project.databaseUrl, parts.dump);
    say(`${project.slug}: database, ${sum(counts)} documents, ${files.length} objects`);
  }
  return manifest;
}

function findProject(projects: readonly ProjectStores[], slug: string): ProjectStores {
  const found = projects.find((project) => project.slug === slug);
  if (found !== undefined) return found;
  throw new StudioError(
    'SETTINGS_INVALID',
    `Nothing was restored: PROJECTS does not name ${slug}, which the backup holds.`,
  );
}

async function refuseUsed({ slug, databaseUrl, documents, objects }: ProjectStores): Promise<void> {
  const rows = await countRows(databaseUrl);
  const found = await countDocuments(documents);
  const kept = (await listOwnObjects(objects)).length;
  // Settings of a first start, and marks of workers that ran.
  const { workers: _beats, upgrades: _marks, task_minutes: _minutes, ...used } = found;
  if (sum(rows) + sum(used) + kept === 0) return;
  const what = Object.entries({ ...rows, ...used, ...(kept > 0 ? { objects: kept } : {}) }).map(
    ([name, n]) => `${n} ${name}`,
  );
  throw new StudioError(
    'INPUT_INVALID',
    `Nothing was restored: ${slug} is in use (${what.join(', ')}). Say --force to lose that.`,
    { field: 'force' },
  );
}
