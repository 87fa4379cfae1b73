import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MixingSet, TrainingSettings } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { decodeModel, tensorValues } from '../../src/onnx/index.ts';
import { encodeTexts } from '../../src/trainer/encode-texts.ts';
import { runTraining } from '../../src/trainer/run-training.ts';
import type { TrainingJob } from '../../src/trainer/training-job.ts';
import { clusteredSet, completeArtefact, tinyBert, tinySettings, withFolder, writeArtefact } from './tiny-artefact.ts';

const anchorTexts = Array.from({ length: 24 }, (_, at) => `word${at} a word${(at * 5) % 24}`);

async function train(
  folder: string,
  { name, settings, mixing }: { name: string; settings: Partial<TrainingSettings>; mixing?: MixingSet },
) {
  const job: TrainingJob = {
    modelFolder: writeArtefact(join(folder, 'base'), tinyBert(1)),
    outputFolder: join(folder, name),
    checkpointFolder: join(folder, `${name}-checkpoints`),
    trainingSet: clusteredSet(),
    settings: tinySettings({ epochsMax: 3, ...settings }),
    executionProviders: ['cpu'],
    ...{ anchorTexts, mixing },
  };
  const host = { now: () => performance.now(), isAborted: () => false, onProgress: () => {}, warn: () => {} };
  const report = await runTraining(job, host);
  return {
    report,
    onnx: readFileSync(join(job.outputFolder, 'model.onnx')),
    base: readFileSync(join(folder, 'base', 'model.onnx')),
    folder: completeArtefact(job.outputFolder),
  };
}

const encodeHost = { isAborted: () => false, onProgress: () => {}, warn: () => {} };

async function vectorsOf(modelFolder: string): Promise<Float32Array> {
  const job = { modelFolder, texts: anchorTexts, kind: 'item', threads: 1, executionProviders: ['cpu'] } as const;
  return (await encodeTexts(job, encodeHost)).vectors;
}

const cosine = (left: Float32Array, right: Float32Array): number =>
  left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0) / anchorTexts.length;

test('an anchor keeps texts that no click is about nearer to where the base model has them', async () => {
  await withFolder(async (folder) => {
    const loss = tinySettings().loss;
    const free = await train(folder, { name: 'free', settings: { learningRate: 3e-2 } });
    const held = await train(folder, {
      name: 'held',
      settings: { learningRate: 3e-2, loss: { ...loss, anchor: 5, anchorTexts: 12 } },
    });
    const before = await vectorsOf(join(folder, 'base'));
    const [left, kept] = [cosine(before, await vectorsOf(free.folder)), cosine(before, await vectorsOf(held.folder))];
    expect(left).toBeLessThan(0.98);
    expect(1 - kept).toBeLessThan((1 - left) / 2);
  });
});

const mixing: MixingSet = {
  queries: clusteredSet()
    .queries.slice(0, 10)
    .map(({ text, clicked }) => ({ text, relevant: Object.fromEntries(clicked.map(({ itemId }) => [itemId, 1])) })),
  anchors: Object.entries(clusteredSet().itemTexts)
    .slice(0, 6)
    .map(([itemId, text]) => ({ text, relevant: { [itemId]: 1 } })),
  itemTexts: clusteredSet().itemTexts,
};

test.each<[string, TrainingSettings['trainable']]>([
  ['all layers', { kind: 'all' }],
  ['the last layer', { kind: 'lastLayers', layers: 1 }],
  ['adapters', { kind: 'lora', rank: 2, alpha: 4, layers: 'all' }],
])('with WiSE-FT over %s the exported weights lie at the chosen share of the way', async (_, trainable) => {
  await withFolder(async (folder) => {
    const settings = { trainable, learningRate: 3e-2 };
    const whole = await train(folder, { name: 'whole', settings });
    const mixed = await train(folder, { name: 'mixed', settings: { ...settings, wiseFt: true }, mixing });
    const report = mixed.report.mixing;
    expect(report?.rows.map(({ alpha }) => alpha)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(report).toMatchObject({ queries: 10, anchors: 6, anchorDropMax: 0.005 });
    expect(whole.report.mixing).toBeUndefined();
    const [base, end, got] = [floatsOf(whole.base), floatsOf(whole.onnx), floatsOf(mixed.onnx)];
    const alpha = report?.alpha ?? Number.NaN;
    let moved = 0;
    for (const [name, from] of base) {
      const to = end.get(name) ?? from;
      from.forEach((value, at) => {
        const wanted = (1 - alpha) * value + alpha * (to[at] ?? 0);
        if (to[at] !== value) moved += 1;
        expect(Math.abs((got.get(name)?.[at] ?? Number.NaN) - wanted)).toBeLessThan(1e-5);
      });
    }
    expect(moved).toBeGreaterThan(100);
  });
});

function floatsOf(file: Uint8Array): Map<string, Float32Array> {
  const tensors = decodeModel(file).graph.initializer.map(
    (tensor) => [tensor.name ?? '', tensorValues(tensor)] as const,
  );
  return new Map(tensors.flatMap(([name, values]) => (values instanceof Float32Array ? [[name, values]] : [])));
}
