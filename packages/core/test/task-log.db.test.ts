import { StudioError } from '@embedding-studio/contracts';
import {
  cancelTask,
  listSchedules,
  listTaskLog,
  requestRetention,
  requestSuggestionLearning,
  requestUpsertion,
  updateGoldenPolicy,
} from '@embedding-studio/core';
import { drainTasks, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop } from './rollout-world.ts';

let studio: TestStudio;
beforeAll(async () => {
  studio = await openShop({ settings: { retention: { sessionsDays: 0, tasksDays: 10 } } });
});
afterAll(() => studio?.close());

const say = async (taskId: string) =>
  (await listTaskLog({ ctx: studio.ctx, input: { taskId } })).lines.map(({ level, message }) => `${level} ${message}`);

test('a job leaves lines of all of its attempts, with what it warned of', async () => {
  const { ctx, deps } = studio;
  const { id } = await requestUpsertion({ ctx, input: { id: 'logged', items: [{ id: 'new', title: 'a boot' }] } });
  let calls = 0;
  const embed: typeof deps.encoder.embed = async (request) => {
    if (++calls === 1) throw new StudioError('MODEL_SERVER_UNAVAILABLE', 'is away');
    return deps.encoder.embed(request);
  };
  await drainTasks({ ...deps, encoder: { embed } });
  const [last, ...before] = await say(id);
  expect(last).toMatch(/^info Attempt \d is done\.$/);
  expect(before.at(-1)).toBe('info Attempt 1 of upsertion begins.');
  expect(before.join('\n')).toContain('error Attempt 1 ends: MODEL_SERVER_UNAVAILABLE is away');
  const page = await listTaskLog({ ctx, input: { taskId: id, limit: 1 } });
  expect(page.lines).toHaveLength(1);
  const older = await listTaskLog({ ctx, input: { taskId: id, before: page.next, levels: ['error'] } });
  expect(older.lines).toHaveLength(1);
});

test('a log that cannot be stored is in the way of no job, and goes with its task', async () => {
  const { ctx, deps } = studio;
  const jobLogs = { ...deps.jobLogs, appendLines: () => Promise.reject(new Error('no room')) };
  const { id } = await requestUpsertion({ ctx, input: { id: 'unlogged', items: [{ id: 'newer', title: 'a boot' }] } });
  await drainTasks({ ...deps, jobLogs });
  expect((await deps.tasks.getTask(id)).status).toBe('done');
  expect(await say(id)).toEqual([]);
  await deps.jobLogs.appendLines(id, [{ level: 'info', message: 'late', at: deps.clock.now() }]);
  studio.passSeconds(11 * 86_400);
  await requestRetention({ ctx });
  await drainTasks(deps);
  await expect(deps.tasks.getTask(id)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  expect(await deps.jobLogs.listLinesBefore({ jobId: id, before: null, limit: 9 })).toEqual([]);
});

test('schedules say when they run next and how they ran last', async () => {
  const { ctx, deps } = studio;
  const task = await requestSuggestionLearning({ ctx });
  await cancelTask({ ctx, input: { taskId: task.id } });
  const schedules = await listSchedules({ ctx });
  const now = deps.clock.now().getTime();
  expect(schedules.map(({ kind, every }) => `${kind} ${every}`)).toEqual([
    'suggestion_learning hour',
    'retention day',
    'golden_evaluation day',
  ]);
  for (const { nextAt, every } of schedules) {
    const length = every === 'hour' ? 3_600_000 : 86_400_000;
    const next = nextAt?.getTime() ?? 0;
    expect(next % length).toBe(0);
    expect(next - now).toBeLessThanOrEqual(length);
    expect(next).toBeGreaterThan(now);
  }
  const goldenOf = async (every: 'week' | 'off') => {
    await updateGoldenPolicy({ ctx, input: { every } });
    return (await listSchedules({ ctx })).at(-1);
  };
  expect((await goldenOf('week'))?.nextAt?.getUTCDay()).toBe(1);
  expect(await goldenOf('off')).toMatchObject({ every: 'off', nextAt: null });
  expect(schedules[0]?.last).toMatchObject({ id: task.id, status: 'canceled' });
  expect(schedules[1]?.last).toMatchObject({ kind: 'retention', status: 'done' });
});
