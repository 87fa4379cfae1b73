import type { TaskCounts, TaskSummary } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { decodeTimeCursor, type Keyed, keyedPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';
import { TaskFilterInput, toTaskFilter } from './task-filter-input.ts';

export const SearchTasksInput = z.object({
  filter: TaskFilterInput.default({}),
  after: z.string().max(400).nullable().default(null),
  limit: z.number().int().min(1).max(200).default(100),
});
export type SearchTasksInput = z.input<typeof SearchTasksInput>;

/** Jobs that meet a filter, newest first. */
export async function searchTasks({ ctx, input }: { ctx: Ctx; input: SearchTasksInput }): Promise<Keyed<TaskSummary>> {
  authorise(ctx, 'task.read');
  const { filter, after, limit } = parseInput(SearchTasksInput, input);
  const found = await ctx.deps.taskSearch.findTasks({
    filter: await toTaskFilter(ctx, filter),
    before: decodeTimeCursor(after),
    limit: limit + 1,
  });
  return keyedPage(found, limit);
}

export const CountTasksInput = z.object({ filter: TaskFilterInput.default({}) });
export type CountTasksInput = z.input<typeof CountTasksInput>;

/** How many jobs meet a filter, by status. */
export async function countTasks({ ctx, input }: { ctx: Ctx; input: CountTasksInput }): Promise<TaskCounts> {
  authorise(ctx, 'task.read');
  const { filter } = parseInput(CountTasksInput, input);
  return ctx.deps.taskSearch.countTasks(await toTaskFilter(ctx, filter));
}
