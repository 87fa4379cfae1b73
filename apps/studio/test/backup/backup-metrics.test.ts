import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkMetricsFile, writeBackupMetrics } from '../../src/backup/backup-metrics.ts';
import type { BackupManifest } from '../../src/backup/manifest.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-metrics-'));
});
afterAll(() => rm(folder, { recursive: true }));

const manifest: BackupManifest = {
  ...{ format: 1, product: '0', startedAt: '2030-05-01T02:00:00.000Z', finishedAt: '2030-05-01T02:00:12.500Z' },
  projects: [],
  files: [
    { path: 'a', bytes: 40, sha256: 'x' },
    { path: 'b', bytes: 2, sha256: 'y' },
  ],
};

it('tells node_exporter when the last backup ended, readable for others, and leaves nothing else behind', async () => {
  const path = join(folder, 'embedding_studio_backup.prom');
  await writeFile(path, 'of yesterday');
  await writeBackupMetrics(path, manifest);
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines).toEqual([
    `embedding_studio_backup_finished_timestamp_seconds ${Date.parse(manifest.finishedAt) / 1_000}`,
    'embedding_studio_backup_duration_seconds 12.5',
    'embedding_studio_backup_bytes 42',
  ]);
  expect((await stat(path)).mode & 0o044).toBe(0o044);
  expect(await readdir(folder)).toEqual(['embedding_studio_backup.prom']);
});

it.each(['nowhere/embedding_studio_backup.prom', 'metrics.txt'])(
  'refuses %s before anything is backed up',
  async (name) => {
    await expect(checkMetricsFile(join(folder, name))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      field: 'metrics',
    });
  },
);
