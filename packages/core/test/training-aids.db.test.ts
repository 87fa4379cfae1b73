import type { MixingReport, Trainer, TrainRequest } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import { createWordTrainer, drainTasks, slangOf, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadSplit } from '../src/fine-tuning/batch-split.ts';
import { importSessions, listTrainingRows, requestFineTuning } from '../src/index.ts';
import { openShop, world } from './rollout-world.ts';

let studio: TestStudio;
const requests: TrainRequest[] = [];

const mixing: MixingReport = {
  ...{ alpha: 0.6, isConstraintMet: true, anchorDropMax: 0.005, queries: 3, anchors: 2, seconds: 1 },
  rows: [{ alpha: 0, ndcg10: 0.1, anchorNdcg10: 0.9 }],
};
const learning = createWordTrainer();
const trainer: Trainer = {
  ...learning,
  async train(request) {
    requests.push(request);
    const report = await learning.train(request);
    return request.mixing ? { ...report, mixing } : report;
  },
};

beforeAll(async () => {
  studio = await openShop({ trainer });
});
afterAll(() => studio?.close());

const loss = { kind: 'contrastive', temperature: 0.05, negativesPerQuery: 4 } as const;

/** On the first batch, or on what has come since. */
async function tune(settings: Record<string, unknown>, { key, batchId }: { key: string; batchId?: string }) {
  const input = { method: 'words', settings, deploy: false, idempotencyKey: key, batchId };
  const { task } = await requestFineTuning({ ctx: studio.ctx, input });
  await drainTasks(studio.deps);
  const done = await studio.deps.tasks.getTask(task.id);
  expect(done.error).toBeFalsy();
  const request = requests.at(-1);
  if (request === undefined) throw new RangeError('nothing was trained');
  return { request, result: done.result as { modelId: string; runId: string } };
}

async function firstBatch(): Promise<string> {
  return (await studio.deps.sessions.listBatches({ offset: 0, limit: 10 })).at(-1)?.batchId ?? '';
}

const keysOf = (texts: readonly { text: string }[]) => new Set(texts.map(({ text }) => normaliseQuery(text)));

it('gives the trainer anchors that nobody clicked, queries for mixing that neither train nor judge, and says what was mixed', async () => {
  const { request, result } = await tune({ wiseFt: true, loss: { ...loss, anchor: 0.5 } }, { key: 'mixed' });
  const clicked = new Set(request.trainingSet.queries.flatMap((query) => query.clicked.map(({ itemId }) => itemId)));
  const clickedTexts = new Set([...clicked].map((itemId) => request.trainingSet.itemTexts[itemId]));
  expect(request.anchorTexts?.length).toBeGreaterThan(5);
  expect(request.anchorTexts?.some((text) => clickedTexts.has(text))).toBe(false);
  const { queries = [], anchors = [], itemTexts = {} } = request.mixing ?? {};
  const trained = keysOf(request.trainingSet.queries);
  expect(queries.length).toBeGreaterThan(3);
  const { heldOut, heldOutUnseen } = await loadSplit(studio.ctx, {
    ...{ artefactKey: `models/${result.modelId}/`, batchId: await firstBatch() },
  });
  const judging = keysOf([...heldOut, ...heldOutUnseen].map(({ query }) => ({ text: query })));
  expect(judging.size).toBeGreaterThan(3);
  expect([...keysOf(queries)].filter((key) => trained.has(key) || judging.has(key))).toEqual([]);
  expect(anchors.length).toBeGreaterThan(5);
  const wanted = [...queries, ...anchors].flatMap(({ relevant }) => Object.keys(relevant));
  expect(wanted.every((itemId) => itemId in itemTexts)).toBe(true);
  const stored = await studio.deps.tracker.findArtefact(result.runId, 'wise-ft.json');
  expect(JSON.parse(Buffer.from(stored ?? []).toString())).toEqual(mixing);
  const model = await studio.deps.models.getModel(result.modelId);
  expect(model.manifest.method?.settings).toMatchObject({ mixedAlpha: 0.6 });
});

it('finds hard negatives in the live collection: behind what was clicked, never clicked, the same every time', async () => {
  const settings = { hardNegatives: { share: 1, perQuery: 2, margin: 0.05 } };
  const { request, result } = await tune(settings, { key: 'hard', batchId: await firstBatch() });
  const hard = request.trainingSet.queries.filter((query) => (query.hardNegatives ?? []).length > 0);
  expect(hard.length).toBeGreaterThan(request.trainingSet.queries.length / 2);
  for (const { clicked, hardNegatives = [] } of hard) {
    expect(hardNegatives.length).toBeLessThanOrEqual(8);
    expect(hardNegatives.some((itemId) => clicked.some((click) => click.itemId === itemId))).toBe(false);
    expect(hardNegatives.every((itemId) => itemId in request.trainingSet.itemTexts)).toBe(true);
  }
  expect(result).toMatchObject({ hardNegatives: { source: 'live', outOfTime: 0, queries: expect.any(Number) } });
  const kept = await listTrainingRows({
    ctx: studio.ctx,
    input: { modelId: result.modelId, filter: { label: 'mined' }, limit: 500 },
  });
  const one = hard[0];
  const ofOne = kept.rows.filter(({ query }) => normaliseQuery(query) === normaliseQuery(one?.text ?? ''));
  expect(ofOne.map(({ itemId }) => itemId)).toEqual(one?.hardNegatives);
  const again = await tune(settings, { key: 'hard-again', batchId: await firstBatch() });
  const negativesOf = ({ trainingSet }: TrainRequest) =>
    Object.fromEntries(trainingSet.queries.map(({ queryId, hardNegatives }) => [queryId, hardNegatives]));
  const [before, after] = [negativesOf(request), negativesOf(again.request)];
  const shared = Object.keys(before).filter((queryId) => queryId in after);
  for (const queryId of shared) expect(after[queryId]).toEqual(before[queryId]);
});

it('trains on queries of earlier batches once more, each once and none that this batch asks', async () => {
  const before = requests.at(-1)?.trainingSet.queries ?? [];
  const createdAt = new Date(Date.UTC(2024, 1, 1));
  const known = world.sessions[0]?.query ?? '';
  const sessions = Array.from({ length: 30 }, (_, at) => ({
    sessionId: `later-${at}`,
    query: at === 0 ? known : `${slangOf('boots')} and lace ${at}y`,
    shown: [{ itemId: 'lamps-1' }, { itemId: 'boots-1' }, { itemId: 'chairs-1' }],
    createdAt,
    events: [{ eventId: `later-${at}-click`, itemId: 'boots-1', createdAt }],
  }));
  await importSessions({ ctx: studio.ctx, input: { sessions } });
  const { request } = await tune({ replayShare: 0.5 }, { key: 'replayed' });
  const { queries } = request.trainingSet;
  const replayed = queries.filter(({ queryId }) => !queryId.startsWith('later-'));
  expect(replayed.length).toBeGreaterThan(5);
  expect(replayed.length).toBeLessThanOrEqual(queries.length - replayed.length);
  expect(before.length).toBeGreaterThan(0);
  const keys = replayed.map(({ text }) => normaliseQuery(text));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).not.toContain(normaliseQuery(known));
});
