import type { AnyTask, Rollout, RolloutState } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';

export interface Needed {
  batchIds: ReadonlySet<string>;
  rolloutIds: ReadonlySet<string>;
  taskIds: ReadonlySet<string>;
}

/** Nothing comes after these. */
const ended: readonly RolloutState[] = ['retired', 'rejected'];
const page = 500;

/** What no sweep may touch: all that a rollout, an open task, a data source or learning may still look at. */
export async function findNeeded(ctx: Ctx): Promise<Needed> {
  const rollouts = (await listAll<Rollout>((at) => ctx.deps.rollouts.listRollouts(at))).filter(
    ({ state }) => !ended.includes(state),
  );
  const open = await listOpen(ctx);
  const learned = await ctx.deps.suggestions.getCursor();
  const batchIds = [
    ...rollouts.map(({ batchId }) => batchId),
    ...open.map(({ input }) => ('batchId' in input ? input.batchId : null)),
    learned?.batchId ?? null,
  ];
  return {
    batchIds: new Set(batchIds.filter((id) => id !== null)),
    rolloutIds: new Set(rollouts.map(({ id }) => id)),
    taskIds: new Set(await listSourceTasks(ctx)),
  };
}

/** Of the kinds that read a batch. */
async function listOpen(ctx: Ctx): Promise<AnyTask[]> {
  const found: AnyTask[] = [];
  for (const kind of ['fine_tuning', 'ranking_fit'] as const)
    for (const status of ['pending', 'processing'] as const)
      found.push(...(await listAll<AnyTask>((at) => ctx.deps.tasks.listTasks({ ...at, kind, status }))));
  return found;
}

async function listAll<T>(list: (at: { offset: number; limit: number }) => Promise<T[]>): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const some = await list({ offset: all.length, limit: page });
    all.push(...some);
    if (some.length < page) return all;
  }
}

/** The last one tells whether a source is being read. */
async function listSourceTasks(ctx: Ctx): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | null = null; ; ) {
    const sources = await ctx.deps.dataSources.listDataSources({ after, limit: page });
    found.push(...sources.flatMap(({ lastTaskId }) => lastTaskId ?? []));
    if (sources.length < page) return found;
    after = sources.at(-1)?.id ?? null;
  }
}
