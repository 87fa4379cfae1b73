import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ItemRows, TrainingSet, ValidationPoint } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { loadTokenizer } from '../../src/text/tokenizer.ts';
import { planEpoch, type Visit } from '../../src/trainer/batch-plan.ts';
import { createBatchInputs } from '../../src/trainer/batch-tensors.ts';
import { measureSlope } from '../../src/trainer/check-model.ts';
import { encodeTexts } from '../../src/trainer/encode-texts.ts';
import { prepareExamples } from '../../src/trainer/examples.ts';
import { createGradientEngine } from '../../src/trainer/gradient-engine.ts';
import { loadModelFolder } from '../../src/trainer/model-folder.ts';
import { runTraining } from '../../src/trainer/run-training.ts';
import { createSeededRandom } from '../../src/trainer/seeded-random.ts';
import { clusteredSet, tinyBert, tinySettings, withFolder, writeArtefact } from './tiny-artefact.ts';

const session = { threads: 1, executionProviders: ['cpu'], warn: () => undefined };
const loss = { kind: 'contrastive', temperature: 0.2, negativesPerQuery: 1, distill: 0.3 } as const;
const host = {
  now: () => performance.now(),
  isAborted: () => false,
  onProgress: () => undefined,
  warn: () => undefined,
};

/** Pictures: every topic has a place of its own, which no text says. */
function drawRows(ids: readonly string[], dims: number): ItemRows {
  const values = new Float32Array(ids.length * dims);
  ids.forEach((itemId, at) => {
    const topic = createSeededRandom(Number(itemId.split('-')[1]), 9);
    const own = createSeededRandom(at, 8);
    const row = Array.from({ length: dims }, () => topic.next() - 0.5 + 0.3 * (own.next() - 0.5));
    values.set(
      row.map((value) => value / Math.hypot(...row)),
      at * dims,
    );
  });
  return { ids: [...ids], dims, values };
}

async function openSide(folder: string, set: TrainingSet, plan: Visit[][]) {
  const model = loadModelFolder(folder);
  const tokenizer = loadTokenizer(model.tokenizerJson, { maxTokens: 16 });
  const prepared = prepareExamples(set, { needsSkipped: false, dims: model.manifest.dims });
  const source = { set: prepared, loss: { ...loss, distill: 0 }, manifest: model.manifest, tokenizer };
  const batch = createBatchInputs(plan, source, new Map())[0] ?? {};
  const options = { manifest: model.manifest, loss: source.loss, trainable: { kind: 'all' }, seed: 1 } as const;
  const hasFixedItems = set.itemRows !== undefined;
  return { batch, engine: await createGradientEngine(model.onnx, { ...options, hasFixedItems }, session) };
}

test('with the rows that the item tower would make the loss is the same, and its gradient is exact', async () => {
  await withFolder(async (folder) => {
    const base = writeArtefact(join(folder, 'base'), tinyBert(1));
    const set = clusteredSet();
    const ids = Object.keys(set.itemTexts);
    const job = { modelFolder: base, texts: Object.values(set.itemTexts), kind: 'item' as const };
    const { vectors, dims } = await encodeTexts({ ...job, ...session }, host);
    const texts = prepareExamples(set, { needsSkipped: false });
    const plan = planEpoch(texts, 0, { seed: 1, batchQueries: 8, loss }).slice(0, 1);
    const towers = await openSide(base, set, plan);
    const fixed = await openSide(base, { ...set, itemRows: { ids, dims, values: vectors } }, plan);
    const [whole, half] = [await towers.engine.run(towers.batch), await fixed.engine.run(fixed.batch)];
    expect(half.loss).toBeCloseTo(whole.loss, 4);
    const exact = fixed.engine.gradients.map((gradient) => Float32Array.from(gradient));
    for (const seed of [0, 1]) {
      const { expected, measured } = await measureSlope(fixed.engine, { batch: fixed.batch, exact, seed });
      expect(Math.abs(measured - expected) / expected).toBeLessThan(0.05);
    }
    await Promise.all([towers.engine.release(), fixed.engine.release()]);
  });
});

test('a text tower learns to find pictures for queries that it did not train on', async () => {
  await withFolder(async (folder) => {
    const whole = clusteredSet(7);
    const ids = Object.keys(whole.itemTexts);
    // Pictures alone: there is no text to learn from.
    const itemTexts = Object.fromEntries(ids.map((itemId) => [itemId, '']));
    const base = writeArtefact(join(folder, 'base'), tinyBert(1));
    const itemRows = drawRows(ids, loadModelFolder(base).manifest.dims);
    const isKept = ({ queryId }: { queryId: string }) => Number(queryId.split('-')[2]) >= 5;
    const held = whole.queries.filter(isKept);
    const points: ValidationPoint[] = [];
    const job = {
      ...{ modelFolder: base, outputFolder: join(folder, 'out'), checkpointFolder: join(folder, 'checkpoints') },
      trainingSet: { queries: whole.queries.filter((query) => !isKept(query)), itemTexts, itemRows },
      settings: tinySettings({ loss, epochsMax: 25, wiseFt: true }),
      executionProviders: ['cpu'],
      validation: {
        queries: held.map(({ text, clicked }) => {
          return { text, relevant: Object.fromEntries(clicked.map(({ itemId }) => [itemId, 1])), judged: ids };
        }),
        ...{ itemTexts, itemRows },
      },
      mixing: {
        queries: held.map(({ text, clicked }) => ({ text, relevant: { [clicked[0]?.itemId ?? '']: 1 } })),
        ...{ anchors: [], itemTexts, itemRows },
      },
    };
    const report = await runTraining(job, { ...host, onValidation: (point) => points.push(point) });
    expect(report.examples).toBe(25);
    expect(report.mixing?.rows.find(({ alpha }) => alpha === 1)?.ndcg10).toBeGreaterThan(0.25);
    expect(points.at(-1)?.ndcg10).toBeGreaterThan(2 * (points[0]?.ndcg10 ?? 1));
    expect(readFileSync(join(folder, 'out', 'model.onnx')).length).toBeGreaterThan(0);
  });
});

test('refuses rows of another model', () => {
  const set = clusteredSet(2, 2);
  const itemRows = drawRows(Object.keys(set.itemTexts), 4);
  expect(() => prepareExamples({ ...set, itemRows }, { needsSkipped: false, dims: 8 })).toThrow(/4 numbers/);
});
