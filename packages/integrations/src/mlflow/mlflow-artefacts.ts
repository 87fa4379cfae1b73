import { StudioError, type Tracker } from '@embedding-studio/contracts';
import { parseObjectKey } from '../object-store/object-key.ts';
import type { MlflowClient } from './mlflow-client.ts';
import { ManyFiles, OneRun } from './mlflow-shapes.ts';

const scheme = 'mlflow-artifacts:';

/** Artefacts of runs, through the server (`--serve-artifacts`, its default). */
export function createArtefacts(client: MlflowClient): Pick<Tracker, 'logArtefact' | 'listArtefacts' | 'findArtefact'> {
  /** Where the server keeps the run's files, below its root. */
  const folderOf = async (runId: string): Promise<string> => {
    const { run } = await client.get('runs/get', { run_id: runId }, OneRun);
    const uri = run.info.artifact_uri;
    if (uri.startsWith(scheme))
      return uri
        .slice(scheme.length)
        .replace(/^\/\/[^/]*/, '')
        .replace(/^\/+/, '');
    throw new StudioError(
      'INPUT_INVALID',
      `The MLflow server does not hand artefacts on: the run's are at ${uri}. Start it with --serve-artifacts.`,
    );
  };
  return {
    async logArtefact(runId, path, bytes) {
      await client.upload(`${await folderOf(runId)}/${parseObjectKey(path).join('/')}`, bytes);
    },
    listArtefacts: (runId) => listFiles(client, runId, ''),
    async findArtefact(runId, path) {
      return client.download(`${await folderOf(runId)}/${parseObjectKey(path).join('/')}`);
    },
  };
}

async function listFiles(
  client: MlflowClient,
  runId: string,
  folder: string,
): Promise<{ path: string; bytes: number }[]> {
  const place: Record<string, string> = folder === '' ? {} : { path: folder };
  const { files } = await client.get('artifacts/list', { run_id: runId, ...place }, ManyFiles);
  const found = [];
  for (const { path, is_dir: isFolder, file_size: bytes } of files)
    found.push(...(isFolder ? await listFiles(client, runId, path) : [{ path, bytes }]));
  return found.sort((left, right) => (left.path < right.path ? -1 : 1));
}
