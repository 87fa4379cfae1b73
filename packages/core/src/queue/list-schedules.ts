import type { TaskKind, TaskSummary } from '@embedding-studio/contracts';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { readGoldenPolicy } from '../golden/golden-policy.ts';

type Length = 'hour' | 'day' | 'week';

export interface ScheduleView {
  kind: TaskKind;
  every: Length | 'off';
  /** Hours, days and weeks begin in UTC, weeks on Monday; a worker asks within a minute. null: never. */
  nextAt: Date | null;
  /** The newest task of the kind, whether it was due or asked for; null: none is left. */
  last: TaskSummary | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const lengthMs: Record<Length, number> = { hour: hourMs, day: dayMs, week: 7 * dayMs };
/** The first Monday of the era. */
const firstMs: Record<Length, number> = { hour: 0, day: 0, week: 4 * dayMs };

/** What workers ask for by themselves: when next, and how it went last. */
export async function listSchedules({ ctx }: { ctx: Ctx }): Promise<ScheduleView[]> {
  authorise(ctx, 'queue.read');
  const { policy } = await readGoldenPolicy(ctx);
  const schedules: Pick<ScheduleView, 'kind' | 'every'>[] = [
    { kind: 'suggestion_learning', every: 'hour' },
    { kind: 'retention', every: 'day' },
    { kind: 'golden_evaluation', every: policy.every },
  ];
  const now = ctx.deps.clock.now();
  return Promise.all(
    schedules.map(async ({ kind, every }) => {
      const [last = null] = await ctx.deps.taskSearch.findTasks({ filter: { kinds: [kind] }, before: null, limit: 1 });
      return { kind, every, nextAt: every === 'off' ? null : nextStart(now, every), last };
    }),
  );
}

export function nextStart(now: Date, every: Length): Date {
  const [length, first] = [lengthMs[every], firstMs[every]];
  return new Date(first + (Math.floor((now.getTime() - first) / length) + 1) * length);
}
