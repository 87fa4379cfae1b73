import { type AnyTask, type RetentionCounts, rolloutStep, type TaskKind } from '@embedding-studio/contracts';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import type { JobResult, JobRun } from '../job-run.ts';
import { findSpentMaps } from '../projection/find-spent-maps.ts';
import { recordAudit } from '../record-audit.ts';
import { suggestionPolicy } from '../suggestion/suggestion-policy.ts';
import { findNeeded, type Needed } from './find-needed.ts';
import { getRetention } from './get-retention.ts';
import { sweepImages } from './sweep-images.ts';

const tasksPerPage = 500;
const sessionsPerPage = 500;
const dayMs = 86_400_000;
const Counts = z.object({
  tasks: z.number(),
  batches: z.number(),
  sessions: z.number(),
  events: z.number(),
  emptied: z.number(),
  maps: z.number().default(0),
  images: z.number().default(0),
});
const nothing: RetentionCounts = { tasks: 0, batches: 0, sessions: 0, events: 0, emptied: 0, maps: 0, images: 0 };

interface Sweep {
  before: Date;
  counts: RetentionCounts;
  /** Saves the counts and stops where that was asked for; called after every page. */
  keep(): Promise<void>;
}

/**
 * Removes what has been kept for long enough, page by page. What is gone is not found again, so that an interrupted
 * sweep goes on by starting anew; its counts add up over the attempts.
 */
export async function runRetention({ ctx, input }: { ctx: Ctx; input: JobRun<'retention'> }): Promise<JobResult> {
  authorise(ctx, 'policy.write');
  const { policy } = await getRetention({ ctx });
  const counts = { ...(Counts.safeParse(input.task.checkpoint).data ?? nothing) };
  const keep = async () => {
    const done = counts.tasks + counts.sessions + counts.emptied + counts.maps + counts.images;
    const progress = { done, total: done, note: 'rows removed', secondsLeft: null };
    await input.save({ checkpoint: { ...counts }, progress });
    ctx.signal?.throwIfAborted();
  };
  const before = (days: number) => new Date(ctx.deps.clock.now().getTime() - days * dayMs);
  if (policy.tasksDays > 0) await sweepTasks(ctx, { before: before(policy.tasksDays), counts, keep });
  if (policy.sessionsDays > 0) {
    const sweep = { before: before(policy.sessionsDays), counts, keep };
    await sweepBatches(ctx, sweep);
    await sweepCollecting(ctx, sweep);
    await sweepLearned(ctx, policy.sessionsDays);
  }
  await sweepMaps(ctx, { counts, keep });
  await sweepImages(ctx, {
    keep: (erased) => {
      counts.images += erased;
      return keep();
    },
  });
  await recordAudit(ctx, { action: 'retention.sweep', subject: 'retention', detail: { policy, ...counts } });
  return { result: { ...counts } };
}

async function sweepTasks(ctx: Ctx, { before, counts, keep }: Sweep): Promise<void> {
  const needed = await findNeeded(ctx);
  for (let after: string | null = null; ; ) {
    const tasks = await ctx.deps.tasks.listEnded({ before, after, limit: tasksPerPage });
    const ids: string[] = [];
    for (const task of tasks) if (!(await isNeeded(ctx, { task, needed }))) ids.push(task.id);
    await ctx.deps.jobLogs.deleteLines(ids);
    counts.tasks += await ctx.deps.tasks.deleteEnded(ids, before);
    await keep();
    if (tasks.length < tasksPerPage) return;
    after = tasks.at(-1)?.id ?? null;
  }
}

/** Tasks that belong to a rollout. */
const steps: readonly TaskKind[] = Object.values(rolloutStep).filter((kind) => kind !== null);

async function isNeeded(
  ctx: Ctx,
  { task, needed }: { task: Pick<AnyTask, 'id' | 'kind'>; needed: Needed },
): Promise<boolean> {
  if (needed.taskIds.has(task.id)) return true;
  if (!steps.includes(task.kind)) return false;
  const { input } = await ctx.deps.tasks.getTask(task.id);
  return 'rolloutId' in input && input.rolloutId !== null && needed.rolloutIds.has(input.rolloutId);
}

/** A frozen batch goes as a whole or not at all. */
async function sweepBatches(ctx: Ctx, { before, counts, keep }: Sweep): Promise<void> {
  for (const batchId of await ctx.deps.sessions.listReleasedBefore(before)) {
    // Asked anew for each: work on it may have begun since.
    if ((await findNeeded(ctx)).batchIds.has(batchId)) continue;
    for (let isDone = false; !isDone; ) {
      const gone = await ctx.deps.sessions.deleteBatch(batchId, sessionsPerPage);
      ({ isDone } = gone);
      counts.sessions += gone.sessions;
      counts.events += gone.events;
      if (isDone) counts.batches += 1;
      await keep();
    }
  }
}

async function sweepCollecting(ctx: Ctx, { before, counts, keep }: Sweep): Promise<void> {
  for (;;) {
    const gone = await ctx.deps.sessions.emptySessions({ before, limit: sessionsPerPage });
    counts.emptied += gone.emptied;
    counts.events += gone.events;
    await keep();
    if (gone.emptied < sessionsPerPage) return;
  }
}

/** What was learned from sessions goes with them, where it has not faded before. */
async function sweepLearned(ctx: Ctx, days: number): Promise<void> {
  const now = ctx.deps.clock.now();
  const policy = suggestionPolicy(now);
  await ctx.deps.suggestions.rescore({ ...policy, retentionDays: Math.min(days, policy.retentionDays) });
  const evidence = new Date(now.getTime() - days * dayMs);
  for (const { id } of await ctx.deps.collections.listWriteTargets())
    await ctx.deps.improvement.prune(id, { evidence, versions: new Date(0) });
}

/** Nobody can reach these, however young they are. */
async function sweepMaps(ctx: Ctx, { counts, keep }: Pick<Sweep, 'counts' | 'keep'>): Promise<void> {
  for (const folder of await findSpentMaps(ctx)) {
    await ctx.deps.objects.deleteObjects(folder);
    counts.maps += 1;
    await keep();
  }
}
