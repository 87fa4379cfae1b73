import type { LossSpec, LossTerms, TrainingSet } from '@embedding-studio/contracts';
import { expect, test } from 'vitest';
import { loadTokenizer } from '../../src/text/tokenizer.ts';
import { createBaseTeacher } from '../../src/trainer/base-teacher.ts';
import { planEpoch } from '../../src/trainer/batch-plan.ts';
import { type BatchInputs, createBatchInputs } from '../../src/trainer/batch-tensors.ts';
import { measureSlope } from '../../src/trainer/check-model.ts';
import { prepareExamples } from '../../src/trainer/examples.ts';
import { createGradientEngine, type GradientEngine } from '../../src/trainer/gradient-engine.ts';
import { maskedLogit } from '../../src/trainer/loss-heads.ts';
import { createSeededRandom } from '../../src/trainer/seeded-random.ts';
import { openSession } from '../../src/trainer/training-session.ts';
import { sizes } from '../graphs/encoder-parts.ts';
import { clusteredSet, tinyBert, tinyManifest, tinyTokenizerJson } from './tiny-artefact.ts';

const contrastive: LossSpec = { kind: 'contrastive', temperature: 0.5, negativesPerQuery: 1 };
const quiet = { threads: 2, executionProviders: ['cpu'], warn: () => {} };
const manifest = { ...tinyManifest, dims: sizes.hidden, queryPrefix: '', itemPrefix: '' };
const tokenizer = loadTokenizer(tinyTokenizerJson, { maxTokens: 16 });
const anchorTexts = Array.from({ length: 20 }, (_, at) => `word${at} word${at + 3} a`);

async function askBase<T>(loss: LossSpec, set: TrainingSet, work: (rows: AskedBase) => Promise<T>): Promise<T> {
  const examples = prepareExamples(set, { needsSkipped: false });
  const group = [planEpoch(examples, 0, { seed: 2, batchQueries: 64, loss }).flat().slice(0, 9)];
  const { session } = await openSession(tinyBert(), quiet);
  try {
    const encoder = { session, tokenizer, manifest: { ...manifest, formatVersion: 1 } as never };
    const teacher = createBaseTeacher({ encoder, set: examples, loss, seed: 1, anchorTexts });
    const base = await teacher.prepare(group, 1);
    const source = { set: examples, loss, manifest, tokenizer, base };
    const [batch = {}] = createBatchInputs(group, source, new Map());
    return await work({ batch });
  } finally {
    await session.release();
  }
}

interface AskedBase {
  batch: BatchInputs;
}

/** At the base model itself an anchor has no slope. */
function moveAway(engine: GradientEngine): void {
  const random = createSeededRandom(8);
  for (const { values } of engine.tensors)
    for (let at = 0; at < values.length; at += 1) values[at] = (values[at] as number) + 0.02 * random.normal();
}

test.each<[string, LossTerms]>([
  ['CoSENT', { coSent: 0.7 }],
  ['graded KL', { gradedKl: 0.5, targetTemperature: 0.5 }],
  ['distillation', { distill: 2 }],
  ['an anchor', { anchor: 3, anchorTexts: 5 }],
  ['a guide', { guide: true }],
  ['prefixes', { matryoshkaDims: [4, sizes.hidden] }],
  ['all of them', { coSent: 0.3, gradedKl: 0.3, distill: 0.5, anchor: 0.5, guide: true, matryoshkaDims: [4, 8] }],
])('with %s the gradient through the whole graph agrees with finite differences', async (_, terms) => {
  const loss: LossSpec = { ...contrastive, ...terms };
  await askBase(loss, clusteredSet(), async ({ batch }) => {
    const engine = await createGradientEngine(
      tinyBert(),
      { manifest, loss, trainable: { kind: 'all' }, seed: 3 },
      quiet,
    );
    moveAway(engine);
    await engine.run(batch);
    const exact = engine.gradients.map((gradient) => Float32Array.from(gradient));
    for (const seed of [0, 1]) {
      const { expected, measured } = await measureSlope(engine, { batch, exact, seed });
      expect(expected).toBeGreaterThan(0);
      expect(Math.abs(measured - expected) / expected).toBeLessThan(0.02);
    }
    await engine.release();
  });
});

test('a guide masks items of other queries, some and not all, and never what was clicked', async () => {
  const loss: LossSpec = { ...contrastive, guide: true };
  const set = clusteredSet();
  const guided = await askBase(loss, set, async ({ batch }) => batch);
  await askBase({ ...loss, guide: false, distill: 1 }, set, async ({ batch }) => {
    const { values: before = [] } = batch.mask ?? {};
    const { values: after = [] } = guided.mask ?? {};
    const items = batch.mask?.dims[1] ?? 0;
    const added = [...after].flatMap((value, at) => (value !== before[at] ? [at] : []));
    expect(added.length).toBeGreaterThan(0);
    expect(added.length).toBeLessThan(after.length);
    for (const at of added) {
      expect(after[at]).toBe(Math.fround(maskedLogit));
      expect(before[at]).toBe(0);
    }
    const positives = [...(batch.positive_rows?.values ?? [])].map(Number);
    expect(added.every((at) => at % items !== positives[Math.floor(at / items)])).toBe(true);
  });
});

test('base vectors beyond the memory are made again and are the same', async () => {
  const loss: LossSpec = { ...contrastive, distill: 1 };
  const examples = prepareExamples(clusteredSet(), { needsSkipped: false });
  const visits = planEpoch(examples, 0, { seed: 2, batchQueries: 64, loss }).flat();
  const { session } = await openSession(tinyBert(), quiet);
  let runs = 0;
  const run = (feeds: never) => {
    runs += 1;
    return session.run(feeds);
  };
  const encoder = { session: { run } as never, tokenizer, manifest: { ...manifest, formatVersion: 1 } as never };
  const parts = { encoder, set: examples, loss, seed: 1, anchorTexts: [] };
  const scoresOf = async (teacher: ReturnType<typeof createBaseTeacher>) => {
    await teacher.prepare([visits.slice(0, 6)], 1);
    const again = await teacher.prepare([visits.slice(0, 6)], 2);
    const [first] = visits;
    return again.scores(first?.text ?? '', [examples.textOf(first?.positives[0]?.itemId ?? '')]);
  };
  const kept = await scoresOf(createBaseTeacher(parts));
  const runsKept = runs;
  runs = 0;
  const small = await scoresOf(createBaseTeacher({ ...parts, bytesMax: 2 * sizes.hidden * 4 }));
  expect(runs).toBeGreaterThan(runsKept);
  expect(small[0]).toBeCloseTo(kept[0] ?? Number.NaN, 5);
  await session.release();
});
