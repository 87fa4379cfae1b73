import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeModel, encodeModel, floatValues, makeTensor } from '../../src/onnx/index.ts';
import { checkModel } from '../../src/trainer/check-model.ts';
import { createTrainer } from '../../src/trainer/index.ts';
import { clusteredSet, tinyBert, tinySettings, withFolder, writeArtefact } from './tiny-artefact.ts';

const warnings: string[] = [];
const log = {
  debug: () => {},
  info: () => {},
  warn: (_: unknown, message: string) => void warnings.push(message),
  error: () => {},
  child: () => log,
};

test('training in a thread reports progress, leaves the caller free, and an abort ends it with ABORTED and a checkpoint', async () => {
  await withFolder(async (folder) => {
    const trainer = createTrainer({ threads: 1, log });
    const request = {
      modelFolder: writeArtefact(join(folder, 'base'), tinyBert()),
      outputFolder: join(folder, 'out'),
      checkpointFolder: join(folder, 'checkpoints'),
      trainingSet: clusteredSet(),
      settings: tinySettings({ epochsMax: 400 }),
    };
    const controller = new AbortController();
    const steps: number[] = [];
    const onProgress = ({ step }: { step: number }) => {
      steps.push(step);
      if (step === 5) controller.abort();
    };
    await expect(trainer.train({ ...request, signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(existsSync(join(folder, 'out', 'model.onnx'))).toBe(false);
    const saved = Math.max(
      ...readdirSync(request.checkpointFolder).map((name) => Number(name.match(/(\d+)\.ckpt$/)?.[1])),
    );
    expect(saved).toBeGreaterThanOrEqual(5);
    const settings = { ...request.settings, stepsMax: saved + 2 };
    const report = await trainer.train({
      ...request,
      settings,
      signal: new AbortController().signal,
      onProgress: () => {},
    });
    expect(report).toMatchObject({ executionProvider: 'cpu', steps: saved + 2, stoppedBy: 'steps' });
    expect(warnings).toEqual(['execution provider is not available']);
    expect(existsSync(join(folder, 'out', 'model.onnx'))).toBe(true);
  });
});

test('validation follows the training without changing it: the same weights, a curve that rises', async () => {
  await withFolder(async (folder) => {
    const trainer = createTrainer({ threads: 1, log, executionProviders: ['cpu'] });
    const trainingSet = clusteredSet();
    const queries = trainingSet.queries.slice(0, 12).map(({ text, clicked, skipped }) => ({
      text,
      relevant: Object.fromEntries(clicked.map(({ itemId }) => [itemId, 1])),
      judged: [...skipped, ...clicked.map(({ itemId }) => itemId)],
    }));
    const request = {
      modelFolder: writeArtefact(join(folder, 'base'), tinyBert()),
      trainingSet,
      settings: tinySettings({ epochsMax: 10 }),
      signal: new AbortController().signal,
      onProgress: () => {},
    };
    const points: { step: number; ndcg10: number }[] = [];
    const run = (name: string, more: object) =>
      trainer.train({
        ...request,
        ...more,
        outputFolder: join(folder, name),
        checkpointFolder: join(folder, `${name}-checkpoints`),
      });
    const validation = { queries, itemTexts: trainingSet.itemTexts };
    const report = await run('with', { validation, onValidation: (point: (typeof points)[0]) => points.push(point) });
    await run('without', {});
    const weights = (name: string) => readFileSync(join(folder, name, 'model.onnx'));
    expect(weights('with').equals(weights('without'))).toBe(true);
    expect(points[0]?.step).toBe(0);
    expect(points.at(-1)?.step).toBe(report.steps);
    for (const { ndcg10 } of points) expect(ndcg10 > 0 && ndcg10 <= 1).toBe(true);
    expect(points.at(-1)?.ndcg10).toBeGreaterThan(points[0]?.ndcg10 ?? 1);
  });
});

test('queries are timed one by one, by every model', async () => {
  await withFolder(async (folder) => {
    const modelFolder = writeArtefact(join(folder, 'base'), tinyBert());
    const trainer = createTrainer({ threads: 1, log, executionProviders: ['cpu'] });
    const { signal } = new AbortController();
    const times = await trainer.timeQueries({
      ...{ modelFolders: [modelFolder, modelFolder], texts: ['word1', 'word2 word3', 'word4'], signal },
    });
    expect(times.map((one) => one.length)).toEqual([3, 3]);
    expect(times.flat().every((ms) => ms > 0)).toBe(true);
  });
});

test('encode gives one unit vector per text in the order given and the same one alone', async () => {
  await withFolder(async (folder) => {
    const trainer = createTrainer({ threads: 1, log, executionProviders: ['cpu'] });
    const modelFolder = writeArtefact(join(folder, 'base'), tinyBert());
    const texts = Array.from({ length: 70 }, (_, at) =>
      Array.from({ length: 1 + (at % 9) }, (_, i) => `word${(at + i) % 30}`).join(' '),
    );
    const done: number[] = [];
    const { signal } = new AbortController();
    const vectors = await trainer.encode({
      modelFolder,
      texts,
      kind: 'item',
      signal,
      onProgress: (count) => done.push(count),
    });
    const [alone] = await trainer.encode({ modelFolder, texts: [texts[13] ?? ''], kind: 'item', signal });
    expect(vectors).toHaveLength(70);
    expect(done).toEqual([32, 64, 70]);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    for (const [i, value] of (vectors[13] ?? []).entries()) expect(value).toBeCloseTo(alone?.[i] ?? 0, 5);
    expect(vectors[13]).not.toEqual(vectors[14]);
    await expect(
      trainer.encode({ modelFolder, texts, kind: 'item', signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

const host = { isAborted: () => false, warn: () => {} };

test('the self-check accepts a sound model', async () => {
  await withFolder(async (folder) => {
    await checkModel(writeArtefact(folder, tinyBert()), host);
  });
});

function withWeight(change: (values: Float32Array) => void, name = 'layer.0.inner.weight'): Uint8Array {
  const model = decodeModel(tinyBert());
  const initializer = model.graph.initializer.map((tensor) => {
    if (tensor.name !== name) return tensor;
    const values = floatValues(tensor);
    change(values);
    return makeTensor(name, tensor.dims, values);
  });
  return encodeModel({ ...model, graph: { ...model.graph, initializer } });
}

function withoutNormalising(): Uint8Array {
  const model = decodeModel(tinyBert());
  const node = model.graph.node.map((item) =>
    item.output[0] === 'sentence_embedding' ? { ...item, opType: 'Identity', input: item.input.slice(0, 1) } : item,
  );
  return encodeModel({ ...model, graph: { ...model.graph, node } });
}

function withoutMask(): Uint8Array {
  const model = decodeModel(tinyBert());
  const node = model.graph.node.map((item) =>
    item.opType === 'Softmax' ? { ...item, input: [maskless(model, item.input[0] ?? '')] } : item,
  );
  return encodeModel({ ...model, graph: { ...model.graph, node } });
}

function maskless(model: ReturnType<typeof decodeModel>, scores: string): string {
  return model.graph.node.find((node) => node.output[0] === scores)?.input[0] ?? '';
}

test.each([
  ['not finite', () => withWeight((values) => values.fill(Number.NaN)), {}],
  ['length', withoutNormalising, {}],
  ['attention mask', withoutMask, {}],
  ['dims', tinyBert, { dims: 8 }],
  ['does not list: token_type_ids', tinyBert, { inputs: ['input_ids', 'attention_mask'] as const }],
  ['no output named', tinyBert, { output: 'vector' }],
] as const)('the self-check refuses a model and says why: %s', async (reason, build, changes) => {
  await withFolder(async (folder) => {
    const modelFolder = writeArtefact(folder, build(), { ...changes } as Parameters<typeof writeArtefact>[2]);
    await expect(checkModel(modelFolder, host)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining(reason),
    });
  });
});

test('a model file that was changed after its manifest is refused', async () => {
  await withFolder(async (folder) => {
    writeArtefact(folder, tinyBert(), { files: { 'model.onnx': '0'.repeat(64), 'tokenizer.json': '0'.repeat(64) } });
    await expect(checkModel(folder, host)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('model.onnx'),
    });
  });
});

test('a missing file is named', async () => {
  await withFolder(async (folder) => {
    await expect(checkModel(folder, host)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('manifest.json'),
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});
