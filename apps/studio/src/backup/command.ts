import { resolve } from 'node:path';
import { databaseOf } from '@embedding-studio/composition';
import { StudioError } from '@embedding-studio/contracts';
import { ensureDatabase } from '@embedding-studio/db/postgres';
import type { Command } from 'commander';
import { createProgress } from '../terminal/progress.ts';
import { backUp } from './back-up.ts';
import { checkMetricsFile, writeBackupMetrics } from './backup-metrics.ts';
import { openStores } from './open-stores.ts';
import { findDumpPrograms } from './postgres-dump.ts';
import { restore } from './restore.ts';

async function runBackup(folder: string, { metrics }: { metrics?: string }): Promise<void> {
  const progress = createProgress();
  if (metrics !== undefined) await checkMetricsFile(metrics);
  const programs = await findDumpPrograms();
  const stores = await openStores(progress);
  try {
    const say = (line: string) => progress.say(line);
    const manifest = await backUp({ folder: resolve(folder), projects: stores.projects, programs, say });
    const { files } = manifest;
    if (metrics !== undefined) await writeBackupMetrics(metrics, manifest);
    const megabytes = files.reduce((total, { bytes }) => total + bytes, 0) / 1e6;
    progress.say(`backed up: ${files.length} files, ${megabytes.toFixed(1)} MB, in ${resolve(folder)}`);
  } finally {
    await stores.close();
  }
}

async function runRestore(folder: string, { force = false }: { force?: boolean }): Promise<void> {
  const progress = createProgress();
  const programs = await findDumpPrograms();
  const stores = await openStores(progress);
  try {
    if (stores.isRunning)
      throw new StudioError('INPUT_INVALID', 'Nothing was restored: end what writes first, with ./studio down.');
    const { settings } = stores;
    for (const slug of settings.PROJECTS.slice(1))
      await ensureDatabase({ url: settings.DATABASE_URL, database: databaseOf(settings, slug) });
    const say = (line: string) => progress.say(line);
    const options = { folder: resolve(folder), projects: stores.projects, programs, say };
    const { startedAt } = await restore({ ...options, force });
    progress.say(`restored as it was at ${startedAt}; start it with ./studio up`);
  } finally {
    await stores.close();
  }
}

export function registerBackupCommands(program: Command): void {
  program
    .command('backup <folder>')
    .description(
      'Write databases, documents and objects of every project into a new folder, with hashes; also while it runs.',
    )
    .option(
      '--metrics <file>',
      'then write when it ended, for node_exporter’s textfile collector: …/embedding_studio_backup.prom',
    )
    .action(runBackup);
  program
    .command('restore <folder>')
    .description('Put a backup back. Refused where something is there already.')
    .option('--force', 'lose what is there')
    .action(runRestore);
}
