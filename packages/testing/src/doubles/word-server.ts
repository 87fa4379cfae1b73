import { access, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Encoder, type ModelServer, StudioError } from '@embedding-studio/contracts';
import { embedWords, parseWordModel } from './word-model.ts';

export interface WordServer {
  modelServer: ModelServer;
  encoder: Encoder;
}

/** The ModelServer and Encoder ports over word models in a folder, so that several processes see the same server. */
export function createWordServer({ folder }: { folder: string }): WordServer {
  const pathOf = (name: string) => join(folder, `${name}.json`);
  const markOf = (name: string) => join(folder, `${name}.loaded`);
  const exists = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  return {
    modelServer: {
      isReady: async () => true,
      isModelReady: (name) => exists(markOf(name)),
      loadModel: async (name) => {
        if (!(await exists(pathOf(name)))) throw new StudioError('MODEL_NOT_FOUND', `${name} is not installed.`);
        await writeFile(markOf(name), '');
      },
      unloadModel: (name) => rm(markOf(name), { force: true }),
      installModel: async (name, onnxPath) => {
        await mkdir(folder, { recursive: true });
        await copyFile(onnxPath, pathOf(name));
      },
      removeModel: (name) => rm(pathOf(name), { force: true }),
      listServedModels: async () => {
        const files = await readdir(folder).catch((): string[] => []);
        const isLoaded = (name: string) => files.includes(`${name}.loaded`);
        return files.flatMap((file) => {
          const name = /^(.*)\.json$/.exec(file)?.[1];
          if (name === undefined) return [];
          return [{ name, state: isLoaded(name) ? 'READY' : 'UNAVAILABLE', reason: null }];
        });
      },
      findModelLatency: async (name) => {
        if (!(await exists(markOf(name)))) return null;
        return { runs: 10, rows: 100, meanMs: 2, p50Ms: 2, p95Ms: 3, rowsPerSecond: 5_000 };
      },
    },
    encoder: {
      async embed({ modelId, texts }) {
        if (!(await exists(markOf(modelId)))) throw new StudioError('MODEL_NOT_FOUND', `${modelId} is not loaded.`);
        const model = parseWordModel(await readFile(pathOf(modelId)));
        return texts.map((text) => embedWords(model, text));
      },
    },
  };
}
