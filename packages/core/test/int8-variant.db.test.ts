import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Trainer } from '@embedding-studio/contracts';
import { createWordTrainer, drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterEach, describe, expect, test } from 'vitest';
import { getTunedRollout, openShop, requestTuning } from './rollout-world.ts';

let studio: TestStudio;
afterEach(() => studio.close());

/** Marks the variant's file, and says how much faster than the float model it answers. */
function createVariantTrainer(speedup: number): Trainer {
  const words = createWordTrainer();
  return {
    ...words,
    quantizeModel: async (request) => {
      await words.quantizeModel(request);
      const path = join(request.outputFolder, 'model.onnx');
      await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), form: 'int8' }));
    },
    timeQueries: async ({ modelFolders, texts }) =>
      modelFolders.map((folder) => texts.map(() => (folder.endsWith('-int8') ? 1 / speedup : 1))),
  };
}

async function tune(options: { speedup: number; serveInt8: 'off' | 'auto' }) {
  const settings = { serveInt8: options.serveInt8, heldOutShare: 0.5 };
  studio = await openShop({ trainer: createVariantTrainer(options.speedup), settings });
  const result = await requestTuning(studio);
  await drainTasks(studio.deps);
  const rollout = await getTunedRollout(studio, result);
  const model = await studio.deps.models.getModel(rollout.modelId ?? '');
  const served = JSON.parse(await readFile(join(studio.folder, 'served', `${model.id}.json`), 'utf8'));
  return { rollout, model, isInt8: served.form === 'int8' };
}

describe('serving in int8', () => {
  test('a variant that is as good and twice as fast is recorded with the model, served and indexed by', async () => {
    const { rollout, model, isInt8 } = await tune({ speedup: 2.5, serveInt8: 'auto' });
    expect(rollout.state).toBe('live');
    expect(isInt8).toBe(true);
    expect(model.manifest.variants?.int8).toMatchObject({ kept: true, speedup: 2.5, deltaNdcg10: 0 });
    expect(model.manifest.files['model.int8.onnx']).toMatch(/^[0-9a-f]{64}$/);
    expect(await studio.deps.objects.hasObject(`${model.artefactKey}model.int8.onnx`)).toBe(true);
    expect(await studio.deps.objects.listObjects(`${model.artefactKey}int8/vectors/`)).not.toEqual([]);
  });

  test('one that is not fast enough is dropped: the float encoder serves, and the manifest says why', async () => {
    const { rollout, model, isInt8 } = await tune({ speedup: 1.6, serveInt8: 'auto' });
    expect(rollout.state).toBe('live');
    expect(isInt8).toBe(false);
    expect(model.manifest.variants?.int8).toMatchObject({ kept: false, file: null });
    expect(model.manifest.variants?.int8?.why).toContain('less than 2× as fast');
    expect(model.manifest.files).not.toHaveProperty('model.int8.onnx');
    expect(await studio.deps.objects.listObjects(`${model.artefactKey}int8/`)).toEqual([]);
  });

  test('nothing is made while the setting is off', async () => {
    const { rollout, model } = await tune({ speedup: 9, serveInt8: 'off' });
    expect(rollout.state).toBe('live');
    expect(model.manifest.variants).toBeUndefined();
  });
});
