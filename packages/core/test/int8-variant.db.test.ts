import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GateReport, type Trainer } from '@embedding-studio/contracts';
import { createWordTrainer, drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterEach, describe, expect, test } from 'vitest';
import { getTunedRollout, openShop, requestTuning } from './rollout-world.ts';

let studio: TestStudio;
afterEach(() => studio.close());

/** Marks the variant's file, and says how much faster than the float model it answers. */
function createVariantTrainer(speedup: number, made: { count: number }): Trainer {
  const words = createWordTrainer();
  return {
    ...words,
    quantizeModel: async (request) => {
      made.count += 1;
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
  const made = { count: 0 };
  studio = await openShop({ trainer: createVariantTrainer(options.speedup, made), settings });
  const result = await requestTuning(studio);
  await drainTasks(studio.deps);
  const rollout = await getTunedRollout(studio, result);
  const model = await studio.deps.models.getModel(rollout.modelId ?? '');
  const served = JSON.parse(await readFile(join(studio.folder, 'served', `${model.id}.json`), 'utf8'));
  const gate = GateReport.parse(rollout.gate);
  return { rollout, gate, model, isInt8: served.form === 'int8', made: made.count };
}

describe('serving in int8', () => {
  test('a variant that is as good and twice as fast is told by the gate, served and indexed by', async () => {
    const { rollout, gate, model, isInt8, made } = await tune({ speedup: 2.5, serveInt8: 'auto' });
    expect(rollout.state).toBe('live');
    expect(isInt8).toBe(true);
    expect(made).toBe(1);
    expect(gate.int8).toMatchObject({ kept: true, speedup: 2.5, deltaNdcg10: 0 });
    expect(gate.reasons.at(-1)).toMatch(/^The int8 variant is served: 2\.50× as fast/);
    expect(model.manifest.variants?.int8).toEqual(gate.int8);
    expect(model.manifest.files['model.int8.onnx']).toMatch(/^[0-9a-f]{64}$/);
    expect(await studio.deps.objects.hasObject(`${model.artefactKey}model.int8.onnx`)).toBe(true);
    expect(await studio.deps.objects.listObjects(`${model.artefactKey}int8/vectors/`)).not.toEqual([]);
  });

  test('one that is not fast enough is dropped: the gate lets the float encoder through, which serves', async () => {
    const { rollout, gate, model, isInt8, made } = await tune({ speedup: 1.6, serveInt8: 'auto' });
    expect(rollout.state).toBe('live');
    expect(isInt8).toBe(false);
    expect(made).toBe(1);
    expect(gate).toMatchObject({ decision: 'accepted', int8: { kept: false, file: null } });
    expect(gate.int8?.why).toContain('less than 2× as fast');
    expect(model.manifest.variants?.int8).toEqual(gate.int8);
    expect(model.manifest.files).not.toHaveProperty('model.int8.onnx');
    expect(await studio.deps.objects.listObjects(`${model.artefactKey}int8/`)).toEqual([]);
  });

  test('nothing is made while the setting is off', async () => {
    const { rollout, gate, model, made } = await tune({ speedup: 9, serveInt8: 'off' });
    expect(rollout.state).toBe('live');
    expect(made).toBe(0);
    expect(gate.int8).toMatchObject({ kept: false, why: 'Not made: serving in int8 is switched off.' });
    expect(model.manifest.variants).toBeUndefined();
  });
});
