import { type TaskFilter, TaskKind, TaskStatus } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';

const Id = z.string().min(1).max(128);

/** What the console and the bulk tasks filter jobs by; all that is given must hold. */
export const TaskFilterInput = z.strictObject({
  kinds: z.array(TaskKind).min(1).max(TaskKind.options.length).optional(),
  statuses: z.array(TaskStatus).min(1).max(TaskStatus.options.length).optional(),
  /** Start of an id, or words of an error. */
  text: z.string().trim().max(200).optional(),
  /** Tasks of this model, its rollouts included. */
  modelId: Id.optional(),
  /** Tasks about this rollout, collection, batch or data source. */
  subject: Id.optional(),
  createdFrom: z.coerce.date().optional(),
  createdTo: z.coerce.date().optional(),
});
export type TaskFilterInput = z.input<typeof TaskFilterInput>;

const rolloutsMax = 1_000;

/** The filter as the store knows it: a model stands for itself and its rollouts. */
export async function toTaskFilter(ctx: Ctx, input: z.output<typeof TaskFilterInput>): Promise<TaskFilter> {
  const { modelId, subject, text, ...rest } = input;
  const filter: TaskFilter = { ...rest, ...(text ? { text } : {}) };
  if (modelId === undefined) return subject === undefined ? filter : { ...filter, subjects: [subject] };
  const rollouts = await ctx.deps.rollouts.findRollouts({ modelId, before: null, limit: rolloutsMax });
  const ofModel = [modelId, ...rollouts.map(({ id }) => id)];
  if (subject === undefined) return { ...filter, subjects: ofModel };
  return { ...filter, subjects: ofModel.filter((id) => id === subject) };
}
