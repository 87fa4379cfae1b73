import { createHash } from 'node:crypto';
import type { Trainer, TrainRequest } from '@embedding-studio/contracts';
import { createWordTrainer, drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Ctx,
  checkFineTuning,
  exportTrainingRows,
  type FineTuningEvent,
  getFineTuning,
  listFineTunings,
  listGateQueries,
  listTrainingLog,
  listTrainingRows,
  requestFineTuning,
  resumeFineTuning,
  stopFineTuning,
  watchFineTuning,
} from '../src/index.ts';
import { openShop, requestTuning } from './rollout-world.ts';

let studio: TestStudio;
let ctx: Ctx;
let jobId = '';
/** Set: training waits after its fourth step until it is aborted, ends with its fifth, and goes on from there the next time. */
let waits = false;
const folders: string[] = [];
let started: () => void = () => undefined;

const learning = createWordTrainer();
const trainer: Trainer = {
  ...learning,
  async train(request) {
    folders.push(request.checkpointFolder);
    const from = waits ? 1 : folders.length > 1 ? 6 : 1;
    for (let step = from; step <= (waits ? 4 : 8); step++) report(request, step);
    started();
    if (waits) await new Promise<void>((resolve) => request.signal.addEventListener('abort', () => resolve()));
    if (waits) report(request, 5);
    request.signal.throwIfAborted();
    return learning.train({ ...request, onProgress: () => undefined, onValidation: undefined });
  },
};

function report({ onProgress, onValidation }: TrainRequest, step: number): void {
  const speed = { examplesPerSecond: 20, secondsLeft: 8 - step };
  onProgress({ step, stepsTotal: 8, loss: 1 / step, learningRate: 1e-4, gradientNorm: 1, ...speed });
  if (step % 4 === 0) onValidation?.({ step, ndcg10: step / 10 });
}

beforeAll(async () => {
  studio = await openShop({ trainer });
  ctx = studio.ctx;
  jobId = (await requestTuning(studio)).rollout?.id ?? '';
});
afterAll(() => studio?.close());

/** Until the condition holds; events come from a subscription of its own. */
async function collect(
  input: Parameters<typeof watchFineTuning>[0]['input'],
  enough: (event: FineTuningEvent) => boolean,
) {
  const events: FineTuningEvent[] = [];
  for await (const event of watchFineTuning({ ctx, input })) {
    events.push(event);
    if (enough(event)) break;
  }
  return events;
}

const stepsOf = (events: readonly FineTuningEvent[], key = 'loss') =>
  events.flatMap(({ series }) => series.filter((one) => one.key === key).flatMap(({ steps }) => steps));

it('is stopped on request with its run marked as such, and tells so', async () => {
  waits = true;
  const running = new Promise<void>((resolve) => {
    started = resolve;
  });
  const drained = drainTasks(studio.deps);
  await running;
  const live = await collect({ jobId }, ({ lines }) => lines.some(({ message }) => message.startsWith('Step 4 of 8')));
  expect(stepsOf(live)).toEqual([1, 2, 3, 4]);
  expect(live[0]?.job).toMatchObject({ status: 'processing', rolloutState: 'requested' });
  expect(await stopFineTuning({ ctx, input: { jobId } })).toMatchObject({ jobId, rolloutState: 'failed' });
  await drained;
  const stopped = await getFineTuning({ ctx, input: { jobId } });
  expect(stopped).toMatchObject({ status: 'canceled', run: { status: 'KILLED', name: jobId } });
  const { lines } = await listTrainingLog({ ctx, input: { jobId, levels: ['warn'] } });
  expect(lines.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^Stopped on request/));
});

it('resumes from the checkpoints of the first attempt, in the same run, and goes on to live', async () => {
  waits = false;
  const [before] = await collect({ jobId }, () => true);
  await resumeFineTuning({ ctx, input: { jobId } });
  await drainTasks(studio.deps);
  expect(new Set(folders).size).toBe(1);
  const done = await getFineTuning({ ctx, input: { jobId } });
  expect(done).toMatchObject({
    ...{ status: 'done', rolloutState: 'live', method: 'words' },
    run: { status: 'FINISHED', name: jobId, params: { 'loss.kind': 'contrastive' }, metrics: { loss: 1 / 8 } },
    gate: { decision: 'accepted' },
  });
  expect(done.run?.metrics['gate.ndcg10']).toBeCloseTo(done.gateReport?.after.ndcg10 ?? -1, 4);
  const { jobs, next } = await listFineTunings({ ctx, input: {} });
  expect(jobs.map((job) => job.jobId)).toEqual([jobId]);
  expect(next).toBeNull();
  const missed = await collect({ jobId, lastEventId: before?.id }, () => false);
  expect(stepsOf(missed)).toEqual([6, 7, 8]);
  expect(stepsOf(missed, 'validation.ndcg10')).toEqual([8]);
  const numbers = missed.flatMap(({ lines }) => lines.map(({ number }) => number));
  expect(Math.min(...numbers)).toBeGreaterThan(Number(before?.id.split('.')[2]));
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
});

it('describes the data: nothing is on both sides, and every session has its place', async () => {
  const { dataCard } = await getFineTuning({ ctx, input: { jobId } });
  expect(dataCard?.overlap).toBe(0);
  const { total = 0, train = 0, heldOut = 0, heldOutUnseen = 0 } = dataCard?.sessions ?? {};
  expect(total).toBeGreaterThan(0);
  expect(train + heldOut + heldOutUnseen).toBe(total);
  const weighed = dataCard?.weights.reduce((sum, { count }) => sum + count, 0);
  expect(weighed).toBe(dataCard?.pairs);
  expect(dataCard?.items.unseen).toBeGreaterThan(0);
});

it('keeps every row behind the model: listed by pages and by filter, exported whole, named in its manifest', async () => {
  const { model, dataCard } = await getFineTuning({ ctx, input: { jobId } });
  const { manifest } = await ctx.deps.models.getModel(model?.id ?? '');
  const first = await listTrainingRows({ ctx, input: { jobId, limit: 7 } });
  expect(first.summary?.hash).toBe(manifest.trainedOn?.examplesHash);
  expect(first.rows.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(first.rows.every(({ title, words }) => title !== null && words !== '')).toBe(true);
  const second = await listTrainingRows({ ctx, input: { modelId: model?.id, after: first.next, limit: 7 } });
  expect(second.rows[0]?.number).toBe(7);
  const clicked = await listTrainingRows({
    ctx,
    input: { jobId, filter: { label: 'clicked', isUsed: true }, limit: 500 },
  });
  expect(clicked).toMatchObject({ total: null, next: null });
  expect(clicked.rows).toHaveLength(dataCard?.pairs ?? -1);
  const [row] = clicked.rows;
  const ofSession = await listTrainingRows({ ctx, input: { jobId, filter: { sessionId: row?.sessionId } } });
  expect(new Set(ofSession.rows.map(({ query }) => query))).toEqual(new Set([row?.query]));
  expect((await listTrainingRows({ ctx, input: { jobId, filter: { why: 'said_no' } } })).total).toBe(0);

  const exported = await exportTrainingRows({ ctx, input: { jobId, format: 'jsonl' } });
  const hash = createHash('sha256');
  for await (const bytes of exported.bytes) hash.update(bytes);
  expect(hash.digest('hex')).toBe(manifest.trainedOn?.examplesHash);
  await expect(exportTrainingRows({ ctx, input: {} })).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'jobId' });
});

it('lists every query of the gate, worst first, by pages and by outcome', async () => {
  const { gate } = await getFineTuning({ ctx, input: { jobId } });
  const all = await listGateQueries({ ctx, input: { jobId, limit: 500 } });
  expect(all).toMatchObject({ isKnown: true, total: gate?.queries, next: null });
  const deltas = all.rows.map(({ delta }) => delta);
  expect(deltas).toEqual(deltas.toSorted((a, b) => a - b));
  const wins = await listGateQueries({ ctx, input: { jobId, outcome: 'win', order: 'best', limit: 2 } });
  expect(wins.total).toBe(gate?.wins);
  expect(wins.rows[0]?.delta).toBe(deltas.at(-1));
  const second = await listGateQueries({
    ctx,
    input: { jobId, outcome: 'win', order: 'best', limit: 2, after: wins.next },
  });
  expect(second.rows[0]?.queryId).not.toBe(wins.rows[1]?.queryId);
  expect(all.segments).toContain('tail');
});

it('estimates by what was measured, and names what is wrong', async () => {
  const check = await checkFineTuning({ ctx, input: { method: 'words' } });
  expect(check).toMatchObject({ problems: [], estimate: { queriesPerSecond: 20, basedOnRuns: 1, boundBy: 'epochs' } });
  expect(await checkFineTuning({ ctx, input: { method: 'none' } })).toMatchObject({
    problems: [{ field: 'method' }],
    settings: null,
  });
});

it('stops one that has not begun, and refuses to stop one that has ended or is unknown', async () => {
  const { task } = await requestFineTuning({ ctx, input: { method: 'words', deploy: false, idempotencyKey: 'alone' } });
  expect(await stopFineTuning({ ctx, input: { jobId: task.id } })).toMatchObject({
    status: 'canceled',
    rolloutId: null,
  });
  await expect(stopFineTuning({ ctx, input: { jobId } })).rejects.toMatchObject({ code: 'TRANSITION_ILLEGAL' });
  await expect(stopFineTuning({ ctx, input: { jobId: 'none' } })).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
});
