import type { Experiment } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';
import type { Units } from './load-units.ts';
import { percent } from './readout-words.ts';

const idleShareMax = 0.2;
const lagMinutesMax = 10;

/** What speaks against trusting the figures, beside the checks that are made of them. */
export async function findWarnings(
  ctx: Ctx,
  { experiment, units, idle, to }: { experiment: Experiment; units: Units; idle: number; to: Date },
): Promise<string[]> {
  const warnings: string[] = [];
  if (units.oneIn > 1) warnings.push(`Counted is one unit in ${units.oneIn}: there are more than memory is kept for.`);
  if (units.size > 0 && idle > idleShareMax * units.size)
    warnings.push(
      `${percent(idle / units.size)} of the units have no stored search: ask for sessions with every search.`,
    );
  const lag = ctx.deps.clock.now().getTime() - to.getTime();
  if (experiment.state === 'running' && lag > lagMinutesMax * 60_000)
    warnings.push('Sessions of the last minutes are not counted yet: the worker that follows them is behind.');
  const moved = await findMoved(ctx, experiment);
  return moved === null ? warnings : [...warnings, moved];
}

async function findMoved(ctx: Ctx, { state, startedAt, definition, collections }: Experiment): Promise<string | null> {
  const live = await ctx.deps.collections.findLive();
  const control = collections[definition.arms[0]?.name ?? ''];
  if (state !== 'running' || live === null || startedAt === null || control === undefined) return null;
  if (live.collectionId === control || live.switchedAt.getTime() <= startedAt.getTime()) return null;
  return 'Another collection has gone live since the start: the control is no longer what serves.';
}
