import { randomUUID } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StudioError } from '@embedding-studio/contracts';
import type { BackupManifest } from './manifest.ts';

/**
 * Where node_exporter's textfile collector is to find the figures; refused before the backup takes its time.
 * @throws StudioError INPUT_INVALID naming `metrics`
 */
export async function checkMetricsFile(path: string): Promise<void> {
  const refuse = (why: string) => new StudioError('INPUT_INVALID', `--metrics ${path}: ${why}.`, { field: 'metrics' });
  if (!path.endsWith('.prom')) throw refuse('the collector reads files that end with .prom');
  const folder = await stat(dirname(path)).catch(() => null);
  if (folder?.isDirectory() !== true) throw refuse('its folder does not exist');
}

/** Written beside its place and renamed: a scrape reads the figures of the last backup or of this one. */
export async function writeBackupMetrics(path: string, manifest: BackupManifest): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await writeFile(unfinished, renderBackupMetrics(manifest), { mode: 0o644 });
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Prometheus text. */
export function renderBackupMetrics({ startedAt, finishedAt, files }: BackupManifest): string {
  const [started, finished] = [Date.parse(startedAt) / 1_000, Date.parse(finishedAt) / 1_000];
  const gauge = (name: string, help: string, value: number) =>
    `# HELP embedding_studio_backup_${name} ${help}\n# TYPE embedding_studio_backup_${name} gauge\nembedding_studio_backup_${name} ${value}\n`;
  return [
    gauge('finished_timestamp_seconds', 'When the last backup that succeeded had ended.', finished),
    gauge('duration_seconds', 'How long it took.', finished - started),
    gauge(
      'bytes',
      'How large it is.',
      files.reduce((total, { bytes }) => total + bytes, 0),
    ),
  ].join('');
}
