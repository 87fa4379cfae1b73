import { type AnyTask, TaskKind, TaskStatus } from '@embedding-studio/contracts';
import type { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { OffsetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';

export const ListTasksInput = OffsetPage.extend({ kind: TaskKind.optional(), status: TaskStatus.optional() });
export type ListTasksInput = z.input<typeof ListTasksInput>;

export async function listTasks({ ctx, input }: { ctx: Ctx; input: ListTasksInput }): Promise<AnyTask[]> {
  authorise(ctx, 'task.read');
  return ctx.deps.tasks.listTasks(parseInput(ListTasksInput, input));
}
