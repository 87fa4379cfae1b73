import type { TaskKind, TaskSummary } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';

export interface ScheduleView {
  kind: TaskKind;
  every: 'hour' | 'day';
  /** Hours and days begin in UTC; a worker asks within a second or two. */
  nextAt: Date;
  /** The newest task of the kind, whether it was due or asked for; null: none is left. */
  last: TaskSummary | null;
}

const schedules: readonly Pick<ScheduleView, 'kind' | 'every'>[] = [
  { kind: 'suggestion_learning', every: 'hour' },
  { kind: 'retention', every: 'day' },
];
const lengthMs = { hour: 3_600_000, day: 86_400_000 };

/** What workers ask for by themselves: when next, and how it went last. */
export async function listSchedules({ ctx }: { ctx: Ctx }): Promise<ScheduleView[]> {
  authorise(ctx, 'queue.read');
  const now = ctx.deps.clock.now().getTime();
  return Promise.all(
    schedules.map(async ({ kind, every }) => {
      const nextAt = new Date((Math.floor(now / lengthMs[every]) + 1) * lengthMs[every]);
      const [last = null] = await ctx.deps.taskSearch.findTasks({ filter: { kinds: [kind] }, before: null, limit: 1 });
      return { kind, every, nextAt, last };
    }),
  );
}
