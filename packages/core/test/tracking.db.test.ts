import { startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Ctx,
  compareRuns,
  getCurves,
  getRun,
  listExperiments,
  listRunColumns,
  listRuns,
  pinBaseline,
  updateRun,
} from '../src/index.ts';

let studio: TestStudio;
let ctx: Ctx;
let experimentId = '';
const runIds: string[] = [];
const start = Date.parse('2030-01-01T00:00:00Z');
const steps = 40;

beforeAll(async () => {
  studio = await startTestStudio();
  ctx = studio.ctx;
  const { tracker } = studio.deps;
  experimentId = await tracker.createExperiment('films');
  for (let index = 0; index < 300; index++) {
    const params = { lr: String(10 ** -(index % 4)), seed: String(index), note: 'x'.repeat(600) };
    runIds.push(await tracker.createRun({ experimentId, name: `run ${index}`, params }));
  }
  await Promise.all(
    runIds.map((runId, index) =>
      tracker.logMetrics(
        runId,
        Array.from({ length: steps }, (_, step) => ({
          key: 'loss',
          value: index + step / 3,
          step,
          timestamp: new Date(start + step * 1_000),
        })),
      ),
    ),
  );
});
afterAll(() => studio?.close());

const bytesOf = (answer: unknown): number => JSON.stringify(answer).length;

it('walks through all runs by pages that stay below 200 KiB, each run once', async () => {
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof listRuns>> = await listRuns({
      ctx,
      input: { experimentId, after, limit: 500 },
    });
    expect(bytesOf(page)).toBeLessThan(200 * 1_024);
    expect(page.total).toBe(300);
    seen.push(...page.runs.map(({ runId }) => runId));
    after = page.next;
    if (after === null) break;
  }
  expect(seen).toEqual(runIds.toReversed());
});

it('sends only the columns asked for, ordered by a metric', async () => {
  const { runs, next } = await listRuns({
    ctx,
    input: {
      experimentId,
      columns: ['params.lr', 'metrics.loss'],
      order: { by: 'metric', key: 'loss', descending: false },
      params: { lr: '0.1' },
      limit: 2,
    },
  });
  expect(runs.map(({ name, params, metrics }) => ({ name, params, metrics }))).toEqual([
    { name: 'run 1', params: { lr: '0.1' }, metrics: { loss: 14 } },
    { name: 'run 5', params: { lr: '0.1' }, metrics: { loss: 18 } },
  ]);
  expect(next).toBe(runs[1]?.runId);
  await expect(
    listRuns({ ctx, input: { experimentId, order: { by: 'metric', descending: true } } }),
  ).rejects.toMatchObject({ code: 'INPUT_INVALID', field: 'order.key' });
});

it('tells what runs can be grouped and filtered by', async () => {
  const { params, metrics, runs } = await listRunColumns({ ctx, input: { experimentId } });
  expect(runs).toBe(300);
  expect(params.find(({ key }) => key === 'lr')).toEqual({
    ...{ key: 'lr', runs: 300, distinct: 4, isNumeric: true },
    values: ['0.001', '0.01', '0.1', '1'],
  });
  expect(metrics).toEqual([{ key: 'loss', runs: 300, least: 13, most: 312 }]);
});

it('answers the curves of hundreds of runs below 200 KiB, keeping ends and extremes', async () => {
  const all = await getCurves({ ctx, input: { runIds, metric: 'loss' } });
  expect(bytesOf(all)).toBeLessThan(200 * 1_024);
  expect(all.curves).toHaveLength(300);
  expect(all.curves[0]).toMatchObject({ runId: runIds[0], points: steps });
  expect(all.curves[0]?.x[0]).toBe(0);
  expect(all.curves[0]?.x.at(-1)).toBe(steps - 1);
  expect(all.curves[7]?.y.at(-1)).toBe(20);
  const few = await getCurves({ ctx, input: { runIds: runIds.slice(0, 2), metric: 'loss', axis: 'wall' } });
  expect(few.origin).toBe(start);
  expect(few.curves[0]?.x).toEqual(Array.from({ length: steps }, (_, step) => step));
  expect(await getCurves({ ctx, input: { runIds: ['run_none'], metric: 'loss' } })).toMatchObject({ curves: [] });
});

it('keeps notes, labels and the baseline, and refuses a baseline from elsewhere', async () => {
  const runId = runIds[0] ?? '';
  await updateRun({ ctx, input: { runId, note: 'the best', labels: ['keep', 'v1'] } });
  await updateRun({ ctx, input: { runId, labels: ['v1', 'final'] } });
  expect(await getRun({ ctx, input: { runId } })).toMatchObject({ note: 'the best', labels: ['final', 'v1'] });
  await pinBaseline({ ctx, input: { experimentId, runId } });
  const { experiments } = await listExperiments({ ctx, input: {} });
  expect(experiments).toMatchObject([{ experimentId, name: 'films', baselineRunId: runId }]);
  const other = await studio.deps.tracker.createExperiment('other');
  await expect(pinBaseline({ ctx, input: { experimentId: other, runId } })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    field: 'runId',
  });
  const both = await compareRuns({ ctx, input: { runIds: [runIds[1] ?? '', runId] } });
  expect(both.map(({ name }) => name)).toEqual(['run 1', 'run 0']);
});

it('lets viewers read and not change', async () => {
  const viewer: Ctx = { ...ctx, actor: { kind: 'user', userId: 'u', role: 'viewer' } };
  await expect(listExperiments({ ctx: viewer, input: {} })).resolves.toBeDefined();
  await expect(updateRun({ ctx: viewer, input: { runId: runIds[0] ?? '', note: 'x' } })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
});
