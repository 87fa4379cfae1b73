import { access, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
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
