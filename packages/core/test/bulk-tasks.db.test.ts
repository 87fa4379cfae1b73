import type { TaskStatus } from '@embedding-studio/contracts';
import {
  countTasks,
  describeQueues,
  describeTask,
  pauseQueues,
  previewBulk,
  requestBulk,
  resumeQueues,
  searchTasks,
} from '@embedding-studio/core';
import { drainTasks, startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let studio: TestStudio;
beforeAll(async () => {
  studio = await startTestStudio();
});
afterAll(() => studio.close());

let round = 0;
const idOf = (name: string) => `r${round}-${name}`;
const statusOf = async (name: string): Promise<TaskStatus> => (await studio.deps.tasks.getTask(idOf(name))).status;
beforeEach(() => {
  round += 1;
});

/** A deletion of nothing, brought to an end by hand. */
async function make(name: string, status: 'failed' | 'done' | 'pending'): Promise<void> {
  const { tasks } = studio.deps;
  const id = idOf(name);
  const notBefore = status === 'pending' ? new Date(Date.now() + 3_600_000_000) : undefined;
  await tasks.requestTask({ kind: 'deletion', id, idempotencyKey: id, input: { itemIds: [] }, notBefore });
  if (status === 'pending') return;
  const claimed = await tasks.claimTask(id, 60);
  const claim = { taskId: id, attempt: claimed?.attempt ?? 0 };
  if (status === 'done') await tasks.settleTask(claim, { status, result: {} });
  else await tasks.settleTask(claim, { status, error: { code: 'INTERNAL', message: `Boom ${name}` } });
}

describe('bulk actions', () => {
  test('a preview changes nothing; its token retries exactly what was counted, once', async () => {
    for (const name of ['a', 'b']) await make(name, 'failed');
    await make('fine', 'done');
    const { ctx } = studio;
    const filter = { text: `r${round}-`, kinds: ['deletion' as const] };
    const { counts, token } = await previewBulk({ ctx, input: { action: 'retry', filter } });
    expect(counts).toMatchObject({ total: 2, isCapped: false });
    expect(await statusOf('a')).toBe('failed');
    studio.passSeconds(1);
    await make('later', 'failed');
    const first = await requestBulk({ ctx, input: { token } });
    expect((await requestBulk({ ctx, input: { token } })).id).toBe(first.id);
    await drainTasks(studio.deps);
    expect(await studio.deps.tasks.getTask(first.id)).toMatchObject({
      status: 'done',
      result: { changed: 2, skipped: 0 },
    });
    expect([await statusOf('a'), await statusOf('b'), await statusOf('fine'), await statusOf('later')]).toEqual([
      ...['done', 'done', 'done', 'failed'],
    ]);
    const audit = await studio.deps.audit.listAudit({ beforeId: null, limit: 9, subjects: [first.id] });
    expect(audit.map(({ action }) => action)).toEqual(['task.bulk-retry-done', 'task.bulk-retry']);
  });

  test('more than one page is canceled, and what has begun or ended meanwhile is left alone', async () => {
    const names = Array.from({ length: 130 }, (_, index) => `p${index}`);
    for (const name of names) await make(name, 'pending');
    const { ctx } = studio;
    const input = { action: 'cancel' as const, filter: { text: `r${round}-` } };
    const { counts, token } = await previewBulk({ ctx, input });
    expect(counts.total).toBe(130);
    await studio.deps.tasks.cancelTask(idOf('p3'));
    const { id } = await requestBulk({ ctx, input: { token } });
    await drainTasks(studio.deps);
    expect((await studio.deps.tasks.getTask(id)).result).toEqual({ changed: 129, skipped: 0 });
    expect((await countTasks({ ctx, input: { filter: input.filter } })).byStatus).toMatchObject({ canceled: 130 });
  });

  test('filters that no task could be changed by, old tokens and made-up ones are refused with the field', async () => {
    const { ctx } = studio;
    const preview = (filter: object) => previewBulk({ ctx, input: { action: 'retry', filter } });
    await expect(preview({ statuses: ['done'] })).rejects.toMatchObject({ field: 'filter.statuses' });
    await expect(preview({ nonsense: 1 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(requestBulk({ ctx, input: { token: 'x' } })).rejects.toMatchObject({ field: 'token' });
    await make('old', 'failed');
    const { token } = await preview({ text: `r${round}-` });
    studio.passSeconds(16 * 60);
    await expect(requestBulk({ ctx, input: { token } })).rejects.toMatchObject({ field: 'token' });
    const none = await preview({ text: 'nothing has this' });
    await expect(requestBulk({ ctx, input: { token: none.token } })).rejects.toMatchObject({ code: 'TASK_CONFLICT' });
  });

  test('viewers may look and may not touch', async () => {
    const ctx = { ...studio.ctx, actor: { kind: 'user' as const, userId: 'v', role: 'viewer' as const } };
    await expect(searchTasks({ ctx, input: {} })).resolves.toBeDefined();
    await expect(describeQueues({ ctx })).resolves.toBeDefined();
    const refused = { code: 'FORBIDDEN' };
    await expect(previewBulk({ ctx, input: { action: 'retry' } })).rejects.toMatchObject(refused);
    await expect(pauseQueues({ ctx, input: { kind: 'switch', reason: 'because' } })).rejects.toMatchObject(refused);
  });
});

describe('jobs and queues', () => {
  test('pages follow one another by their cursor, and a broken cursor is refused', async () => {
    for (const name of ['1', '2', '3']) await make(name, 'done');
    const { ctx } = studio;
    const filter = { text: `r${round}-` };
    const first = await searchTasks({ ctx, input: { filter, limit: 2 } });
    const second = await searchTasks({ ctx, input: { filter, limit: 2, after: first.next } });
    expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual([idOf('3'), idOf('2'), idOf('1')]);
    expect(second.next).toBeNull();
    await expect(searchTasks({ ctx, input: { after: 'junk' } })).rejects.toMatchObject({ field: 'after' });
  });

  test('a job shows its payload cut, and attempts whose worker died', async () => {
    const { tasks } = studio.deps;
    const id = idOf('big');
    const itemIds = Array.from({ length: 20_000 }, (_, index) => `item-${index}`);
    await tasks.requestTask({ kind: 'deletion', id, idempotencyKey: id, input: { itemIds } });
    await tasks.claimTask(id, 10);
    studio.passSeconds(20);
    await tasks.claimTask(id, 60, 'wrk_2');
    const detail = await describeTask({ ctx: studio.ctx, input: { taskId: id } });
    expect(detail.input.text.length).toBeLessThan(50_000);
    expect(detail.input.length).toBeGreaterThan(200_000);
    expect(detail.attempts).toMatchObject([
      { attempt: 2, outcome: 'running', workerId: 'wrk_2' },
      { attempt: 1, outcome: 'lost' },
    ]);
  });

  test('a role is paused queue by queue, with the reason and who did it', async () => {
    const { ctx } = studio;
    await pauseQueues({ ctx, input: { role: 'inference', reason: 'the card is being changed' } });
    const { queues } = await describeQueues({ ctx });
    const paused = queues.filter(({ pause }) => pause !== null);
    expect(paused.map(({ role }) => role)).toEqual(paused.map(() => 'inference'));
    expect(paused).toHaveLength(4);
    expect(paused[0]?.pause).toMatchObject({ reason: 'the card is being changed', actor: 'system:test' });
    expect(await resumeQueues({ ctx, input: { role: 'inference' } })).toEqual([]);
    await expect(pauseQueues({ ctx, input: { reason: 'whom?' } })).rejects.toMatchObject({ field: 'kind' });
  });
});
