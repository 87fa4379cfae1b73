import {
  type AnyTask,
  type Rollout,
  TaskStatus as StatusSchema,
  StudioError,
  type TaskStatus,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { OffsetPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';

/** A rollout seen as what it does for an index. */
export interface Reindex {
  rollout: Rollout;
  sourceModelId: string | null;
  status: TaskStatus;
  /** The tasks of its steps so far, newest first. */
  steps: AnyTask[];
}

export const ReindexIdInput = z.object({ reindexId: z.string().min(1).max(128) });
export type ReindexIdInput = z.input<typeof ReindexIdInput>;
export const ListReindexesInput = OffsetPage.extend({ status: StatusSchema.optional() });
export type ListReindexesInput = z.input<typeof ListReindexesInput>;

export async function getReindex({ ctx, input }: { ctx: Ctx; input: ReindexIdInput }): Promise<Reindex> {
  authorise(ctx, 'rollout.read');
  const { reindexId } = parseInput(ReindexIdInput, input);
  const rollout = await ctx.deps.rollouts.getRollout(reindexId).catch((error: unknown) => {
    throw new StudioError('TASK_NOT_FOUND', `There is no reindex "${reindexId}".`, { field: 'taskId', cause: error });
  });
  return viewReindex(ctx, rollout, await listSteps(ctx));
}

/** Every rollout that has a model to index, newest first. */
export async function listReindexes({ ctx, input }: { ctx: Ctx; input: ListReindexesInput }): Promise<Reindex[]> {
  authorise(ctx, 'rollout.read');
  const { offset, limit, status } = parseInput(ListReindexesInput, input);
  const rollouts = await ctx.deps.rollouts.listRollouts({ offset: 0, limit: 10_000 });
  const wanted = rollouts.filter(
    (rollout) => rollout.modelId !== null && (status === undefined || statusOf(rollout) === status),
  );
  const steps = await listSteps(ctx);
  return Promise.all(wanted.slice(offset, offset + limit).map((rollout) => viewReindex(ctx, rollout, steps)));
}

const stepKinds = ['deployment', 'reindex', 'verification', 'switch'] as const;

async function listSteps(ctx: Ctx): Promise<AnyTask[]> {
  const lists = await Promise.all(stepKinds.map((kind) => ctx.deps.tasks.listTasks({ kind, offset: 0, limit: 1_000 })));
  return lists.flat();
}

async function viewReindex(ctx: Ctx, rollout: Rollout, tasks: AnyTask[]): Promise<Reindex> {
  const steps = tasks.filter(({ input }) => 'rolloutId' in input && input.rolloutId === rollout.id);
  const { sourceCollectionId } = rollout;
  const source = sourceCollectionId === null ? null : await ctx.deps.collections.getCollection(sourceCollectionId);
  return { rollout, sourceModelId: source?.modelId ?? null, status: statusOf(rollout), steps };
}

const canceledReason = 'ABORTED';

export function statusOf(rollout: Rollout): TaskStatus {
  switch (rollout.state) {
    case 'requested':
    case 'trained':
    case 'gated':
      return 'pending';
    case 'deployed':
    case 'indexing':
      return 'processing';
    case 'verified':
      return rollout.switches === false ? 'done' : 'processing';
    case 'rejected':
      return 'refused';
    case 'failed':
      return rollout.transitions.at(-1)?.reason.includes(canceledReason) ? 'canceled' : 'failed';
    default:
      return 'done';
  }
}
