import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingSet, TrainingSettings } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { decodeModel, tensorValues } from '../../src/onnx/index.ts';
import { encodeTexts } from '../../src/trainer/encode-texts.ts';
import { runTraining } from '../../src/trainer/run-training.ts';
import type { TrainerProgress, TrainerReport, TrainingHost } from '../../src/trainer/training-job.ts';
import { clusteredSet, completeArtefact, tinyBert, tinySettings, withFolder, writeArtefact } from './tiny-artefact.ts';

interface Attempt {
  folder: string;
  name?: string;
  settings?: Partial<TrainingSettings>;
  set?: TrainingSet;
  host?: Partial<TrainingHost>;
  layers?: number;
}

async function train({ folder, name = 'out', settings, set = clusteredSet(), host, layers = 1 }: Attempt) {
  const progress: TrainerProgress[] = [];
  const warnings: string[] = [];
  const outputFolder = join(folder, name);
  const job = {
    modelFolder: writeArtefact(join(folder, 'base'), tinyBert(layers)),
    outputFolder,
    checkpointFolder: join(folder, `${name}-checkpoints`),
    trainingSet: set,
    settings: tinySettings(settings),
    executionProviders: ['cpu'],
  };
  const report: TrainerReport = await runTraining(job, {
    now: () => performance.now(),
    isAborted: () => false,
    onProgress: (item) => progress.push(item),
    warn: (_, message) => warnings.push(message),
    ...host,
  });
  return { report, progress, warnings, onnx: readFileSync(join(outputFolder, 'model.onnx')), outputFolder };
}

/** Share of queries whose nearest item is of their topic. */
async function topicHits(modelFolder: string, set: TrainingSet): Promise<number> {
  const encode = async (texts: string[], kind: 'query' | 'item') => {
    const job = { modelFolder, texts, kind, threads: 1, executionProviders: ['cpu'] };
    const { vectors, dims } = await encodeTexts(job, { isAborted: () => false, onProgress: () => {}, warn: () => {} });
    return texts.map((_, at) => vectors.subarray(at * dims, (at + 1) * dims));
  };
  const ids = Object.keys(set.itemTexts);
  const items = await encode(Object.values(set.itemTexts), 'item');
  const queries = await encode(
    set.queries.map((query) => query.text),
    'query',
  );
  const hits = set.queries.filter((query, at) => {
    const scores = items.map((item) => item.reduce((sum, value, i) => sum + value * (queries[at]?.[i] ?? 0), 0));
    const best = ids[scores.indexOf(Math.max(...scores))] ?? '';
    return best.split('-')[1] === query.queryId.split('-')[1];
  });
  return hits.length / set.queries.length;
}

test('training brings queries to the items that were clicked for them', async () => {
  await withFolder(async (folder) => {
    const set = clusteredSet();
    const { report, progress, outputFolder } = await train({ folder, settings: { epochsMax: 25 }, set });
    expect(report.lossLast).toBeLessThan(report.lossFirst * 0.7);
    expect(report).toMatchObject({
      stoppedBy: 'epochs',
      steps: 75,
      resumedFromStep: 0,
      executionProvider: 'cpu',
      examples: 35,
    });
    expect(progress.map((item) => item.step)).toEqual(Array.from({ length: 75 }, (_, at) => at + 1));
    const [before, after] = [
      await topicHits(join(folder, 'base'), set),
      await topicHits(completeArtefact(outputFolder), set),
    ];
    expect(before).toBeLessThan(0.5);
    expect(after).toBeGreaterThan(0.8);
  });
});

test('in parts a training goes the way it goes in one graph', async () => {
  await withFolder(async (folder) => {
    const settings = { epochsMax: 2 };
    const whole = await train({ folder, name: 'whole', settings });
    const parts = await train({ folder, name: 'parts', settings: { ...settings, gradCache: { chunk: 4 } } });
    expect(parts.report.steps).toBe(whole.report.steps);
    parts.progress.forEach(({ loss }, at) => {
      expect(loss).toBeCloseTo(whole.progress[at]?.loss ?? Number.NaN, 3);
    });
    expect(whole.progress.at(-1)?.loss).toBeLessThan((whole.progress[0]?.loss ?? 0) - 0.05);
  });
});

test('the margin method separates clicked from skipped items and reports fewer active pairs', async () => {
  await withFolder(async (folder) => {
    const loss = { kind: 'margin', margin: 0.3, temperature: 0.1, negativesPerQuery: 3 } as const;
    const { report } = await train({ folder, settings: { loss, epochsMax: 20 } });
    expect(report.lossLast).toBeLessThan(report.lossFirst * 0.6);
    expect(report.activePairsFirst).toBeGreaterThan(30);
    expect(report.activePairsLast).toBeLessThan((report.activePairsFirst ?? 0) * 0.8);
  });
});

test('the same seed gives the same bytes, another seed does not', async () => {
  await withFolder(async (folder) => {
    const first = await train({ folder, name: 'first' });
    const second = await train({ folder, name: 'second' });
    const other = await train({ folder, name: 'other', settings: { seed: 2 } });
    expect(first.onnx.equals(second.onnx)).toBe(true);
    expect(first.onnx.equals(other.onnx)).toBe(false);
  });
});

test('the exported file differs from the original in the trained weights only', async () => {
  await withFolder(async (folder) => {
    const { onnx, report } = await train({
      folder,
      settings: { trainable: { kind: 'lastLayers', layers: 1 }, epochsMax: 1 },
      layers: 2,
    });
    const original = readFileSync(join(folder, 'base', 'model.onnx'));
    expect(onnx.length).toBe(original.length);
    const changed: string[] = [];
    const frozen = Buffer.from(original);
    const before = decodeModel(original).graph.initializer;
    for (const [at, tensor] of decodeModel(onnx).graph.initializer.entries()) {
      if (
        JSON.stringify([...tensorValues(tensor)].map(String)) ===
        JSON.stringify([...tensorValues(before[at] ?? tensor)].map(String))
      )
        continue;
      changed.push(tensor.name ?? '');
      const start = tensor.rawOffset ?? 0;
      onnx.copy(frozen, start, start, start + (tensor.rawData?.length ?? 0));
    }
    expect(frozen.equals(onnx)).toBe(true);
    expect(changed.length).toBeGreaterThan(10);
    expect(changed.every((name) => name.startsWith('layer.1.'))).toBe(true);
    expect(report.trainableParameters).toBeLessThan(1300);
  });
});

test('an aborted run ends with ABORTED and resumes to the bytes of the uninterrupted run', async () => {
  await withFolder(async (folder) => {
    const whole = await train({ folder, name: 'whole' });
    let calls = 0;
    const stopping = train({ folder, name: 'cut', host: { isAborted: () => ++calls > 6 } });
    await expect(stopping).rejects.toMatchObject({ code: 'ABORTED' });
    const resumed = await train({ folder, name: 'cut' });
    expect(resumed.report.resumedFromStep).toBe(6);
    expect(resumed.onnx.equals(whole.onnx)).toBe(true);
    expect({ ...resumed.report, seconds: 0 }).toEqual({ ...whole.report, seconds: 0, resumedFromStep: 6 });
  });
});

test('a run that dies without a word resumes from its last periodic checkpoint to the same bytes', async () => {
  await withFolder(async (folder) => {
    const settings = { accumulationSteps: 2, batchQueries: 6 };
    const whole = await train({ folder, name: 'whole', settings });
    const onProgress = ({ step }: TrainerProgress) => {
      if (step === 7) throw new RangeError('the machine went away');
    };
    await expect(train({ folder, name: 'cut', settings, host: { onProgress } })).rejects.toThrow('went away');
    const resumed = await train({ folder, name: 'cut', settings });
    expect(resumed.report.resumedFromStep).toBe(4);
    expect(resumed.onnx.equals(whole.onnx)).toBe(true);
  });
});

test('a damaged checkpoint is passed over for the one before it', async () => {
  await withFolder(async (folder) => {
    const whole = await train({ folder, name: 'whole' });
    const cut = train({
      folder,
      name: 'cut',
      host: {
        onProgress: ({ step }) => {
          if (step === 9) throw new RangeError('gone');
        },
      },
    });
    await expect(cut).rejects.toThrow('gone');
    const newest = readdirSync(join(folder, 'cut-checkpoints')).sort().at(-1) ?? '';
    expect(newest).toMatch(/-000000008\.ckpt$/);
    const path = join(folder, 'cut-checkpoints', newest);
    const bytes = readFileSync(path);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const resumed = await train({ folder, name: 'cut' });
    expect(resumed.report.resumedFromStep).toBe(4);
    expect(resumed.warnings).toContain('checkpoint is not usable: trying an older one');
    expect(resumed.onnx.equals(whole.onnx)).toBe(true);
  });
});

test('a checkpoint of other settings or other examples is not resumed', async () => {
  await withFolder(async (folder) => {
    await train({ folder, name: 'a', settings: { epochsMax: 1 } });
    cpSync(join(folder, 'a-checkpoints'), join(folder, 'b-checkpoints'), { recursive: true });
    const { report } = await train({ folder, name: 'b', settings: { epochsMax: 1, learningRate: 1e-4 } });
    expect(report.resumedFromStep).toBe(0);
    const other = await train({ folder, name: 'a', settings: { epochsMax: 1 }, set: clusteredSet(5) });
    expect(other.report.resumedFromStep).toBe(0);
    const files = readdirSync(join(folder, 'a-checkpoints'));
    expect(new Set(files.map((name) => name.split('-')[0])).size).toBe(2);
    expect(files.some((name) => name.endsWith('.tmp'))).toBe(false);
  });
});

test('a budget in seconds ends the run and brings the learning rate down to almost nothing', async () => {
  await withFolder(async (folder) => {
    let clock = 0;
    const { report, progress } = await train({
      folder,
      settings: { epochsMax: 20, secondsMax: 20 },
      host: {
        now: () => {
          clock += 250;
          return clock;
        },
      },
    });
    expect(report.stoppedBy).toBe('seconds');
    expect(report.seconds).toBeLessThanOrEqual(21);
    expect(report.steps).toBeLessThan(60);
    const rates = progress.map((item) => item.learningRate);
    expect(rates.at(-1)).toBeLessThan(Math.max(...rates) * 0.2);
    expect(progress.at(-1)?.secondsLeft).toBeLessThan(2);
  });
});

test('stepsMax caps the run', async () => {
  await withFolder(async (folder) => {
    const { report } = await train({ folder, settings: { stepsMax: 2 } });
    expect(report).toMatchObject({ steps: 2, stoppedBy: 'steps' });
  });
});

test('a training set without a usable query is refused with the reasons', async () => {
  await withFolder(async (folder) => {
    const set: TrainingSet = {
      queries: [{ queryId: '1', text: 'word1', clicked: [{ itemId: 'gone', weight: 1 }], skipped: [] }],
      itemTexts: {},
    };
    await expect(train({ folder, set })).rejects.toMatchObject({
      code: 'TRAINING_EVIDENCE_MISSING',
      message: expect.stringContaining('no clicked item'),
    });
  });
});

test('a learning rate that blows the weights up ends with a clear refusal', async () => {
  await withFolder(async (folder) => {
    await expect(train({ folder, settings: { learningRate: 1e30 } })).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('learning rate'),
    });
  });
});
