import { type AnyTask, type DataSource, isStudioError, type SyncMode, type Task } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { decodeTimeCursor, type Keyed, keyedPage } from '../page.ts';
import { parseInput } from '../parse-input.ts';
import { type ListDataSourcesInput, listDataSources } from './list-data-sources.ts';

/** One sync of a source, as its task tells it; numbers are null until it has counted. */
export interface SourceSync extends Pick<AnyTask, 'status' | 'error' | 'startedAt' | 'finishedAt' | 'createdAt'> {
  id: string;
  mode: SyncMode;
  /** Only the items that failed in a sync before. */
  isRetry: boolean;
  rows: number | null;
  /** Items that were new or differed from what was stored; null also in syncs of earlier versions. */
  changed: number | null;
  /** Items that came in just as they were stored: nothing of them was embedded. */
  unchanged: number | null;
  deleted: number | null;
  failed: number | null;
}

export const ListSyncsInput = z.object({
  sourceId: z.string().min(1).max(128),
  after: z.string().max(400).nullable().default(null),
  limit: z.number().int().min(1).max(50).default(20),
});
export type ListSyncsInput = z.input<typeof ListSyncsInput>;

/** Newest first. */
export async function listSyncs({ ctx, input }: { ctx: Ctx; input: ListSyncsInput }): Promise<Keyed<SourceSync>> {
  authorise(ctx, 'source.read');
  const { sourceId, after, limit } = parseInput(ListSyncsInput, input);
  const found = await ctx.deps.taskSearch.findTasks({
    filter: { kinds: ['data_source_sync'], subjects: [sourceId] },
    before: decodeTimeCursor(after),
    limit: limit + 1,
  });
  const { rows, next } = keyedPage(found, limit);
  const syncs = await Promise.all(rows.map(({ id }) => findSync(ctx, id)));
  return { rows: syncs.filter((sync) => sync !== null), next };
}

/** A page of data sources by id, each with its latest sync. */
export async function listSourcesWithSync({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: ListDataSourcesInput;
}): Promise<{ source: DataSource; lastSync: SourceSync | null }[]> {
  const sources = await listDataSources({ ctx, input });
  const syncs = sources.map(({ lastTaskId }) => (lastTaskId === null ? null : findSync(ctx, lastTaskId)));
  const found = await Promise.all(syncs);
  return sources.map((source, at) => ({ source, lastSync: found[at] ?? null }));
}

/** Null where retention has removed it. */
async function findSync(ctx: Ctx, taskId: string): Promise<SourceSync | null> {
  try {
    const task = await ctx.deps.tasks.getTask(taskId);
    return task.kind === 'data_source_sync' ? viewSync(task) : null;
  } catch (error) {
    if (isStudioError(error) && error.code === 'TASK_NOT_FOUND') return null;
    throw error;
  }
}

const Count = z.number().nullable().default(null);
const Counts = z.object({
  ...{ rows: z.number(), changed: Count, unchanged: Count, deleted: z.number(), failed: z.number() },
});

function viewSync(task: Task<'data_source_sync'>): SourceSync {
  const { id, status, error, startedAt, finishedAt, createdAt, input } = task;
  const counts = Counts.safeParse(task.result ?? task.checkpoint).data;
  const none = { rows: null, changed: null, unchanged: null, deleted: null, failed: null };
  return {
    ...{ id, status, error, startedAt, finishedAt, createdAt, ...(counts ?? none) },
    mode: input.mode,
    isRetry: input.only !== undefined,
  };
}
