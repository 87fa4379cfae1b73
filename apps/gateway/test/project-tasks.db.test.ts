import { requestUpsertion } from '@embedding-studio/core';
import { findRedisProgram } from '@embedding-studio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { books, films, type ProjectWorld, startProjectWorld, waitForTask } from './project-world.ts';

describe.each(['postgres', 'redis'] as const)('tasks in a queue on %s', (queue) => {
  const isHere = queue === 'postgres' || findRedisProgram() !== null;
  let own: ProjectWorld;
  beforeAll(async () => {
    if (isHere) own = await startProjectWorld({ queue });
  });
  afterAll(() => own?.stop());

  const upsert = (slug: string, id: string) =>
    requestUpsertion({ ctx: own.ctxOf(slug), input: { id, items: [{ id: slug, title: slug }] } });

  it.runIf(isHere)(
    "run in their own project alone, under one id in both, and wait for that project's workers",
    async () => {
      await own.startWorkersOf(books, ['upsertion']);
      await upsert(films, 'same');
      for (const id of ['same', 'second', 'third']) {
        await upsert(books, id);
        await waitForTask(own.ctxOf(books), id);
      }
      expect(await own.ctxOf(films).deps.tasks.getTask('same')).toMatchObject({ status: 'pending', attempt: 0 });
      expect(own.log.filter(({ message }) => message === 'delivery failed')).toEqual([]);
      await own.startWorkersOf(films, ['upsertion']);
      await waitForTask(own.ctxOf(films), 'same');
      for (const slug of [films, books]) {
        const items = await own.ctxOf(slug).deps.items.listItems({ after: null, limit: 10 });
        expect(items.map(({ id }) => id)).toEqual([slug]);
        expect(await own.ctxOf(slug).deps.workers.listWorkers()).toHaveLength(1);
      }
    },
  );
});
