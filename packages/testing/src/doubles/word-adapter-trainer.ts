import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdapterTrainer } from '@embedding-studio/contracts';
import { createAdapterTrainer, encodeAdapter } from '@embedding-studio/ml/adapters';
import { parseWordModel, type WordModel } from './word-model.ts';

/** Trains for real; only that the artefact is a word model, not a graph. */
export function createWordAdapterTrainer(): AdapterTrainer {
  const { trainAdapter } = createAdapterTrainer();
  return {
    trainAdapter,
    async attachAdapter({ modelFolder, outputFolder, adapter }) {
      const base = parseWordModel(await readFile(join(modelFolder, 'model.onnx')));
      const encoded = Buffer.from(encodeAdapter(adapter)).toString('base64');
      const model: WordModel = { ...base, adapters: [...(base.adapters ?? []), encoded] };
      await mkdir(outputFolder, { recursive: true });
      await writeFile(join(outputFolder, 'model.onnx'), JSON.stringify(model));
      await copyFile(join(modelFolder, 'tokenizer.json'), join(outputFolder, 'tokenizer.json'));
    },
  };
}
