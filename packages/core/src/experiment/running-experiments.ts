import { type Collection, defaultExperimentPolicy, type Experiment, toStudioError } from '@embedding-studio/contracts';
import type { CoreDeps, Ctx } from '../context.ts';

/** What searches need of the experiments that run. */
export interface Running {
  experiments: readonly Experiment[];
  /** By id, those that the arms answer from and that are ready to. */
  collections: ReadonlyMap<string, Collection>;
  holdoutShare: number;
}

const nothing: Running = { experiments: [], collections: new Map(), holdoutShare: 0 };
const freshMs = 1_000;

interface Recalled {
  readAt: number;
  running: Promise<Running>;
}

const recalled = new WeakMap<CoreDeps['experiments'], Recalled>();

/**
 * As read at most a second ago, so a start or an end is heard everywhere within that time. A store that is away leaves
 * what was known: experiments never cost anybody the search.
 */
export async function recallRunning(ctx: Ctx): Promise<Running> {
  const { experiments, clock } = ctx.deps;
  const now = clock.now().getTime();
  const known = recalled.get(experiments);
  if (known !== undefined && Math.abs(now - known.readAt) < freshMs) return known.running;
  const running = readRunning(ctx).catch((error: unknown) => {
    ctx.deps.log.warn({ code: toStudioError(error).code }, 'running experiments could not be read');
    return known?.running ?? nothing;
  });
  recalled.set(experiments, { readAt: now, running });
  return running;
}

/** In this process the next search reads them anew. */
export function forgetRunning(ctx: Ctx): void {
  recalled.delete(ctx.deps.experiments);
}

async function readRunning(ctx: Ctx): Promise<Running> {
  const [experiments, policy] = await Promise.all([
    ctx.deps.experiments.listRunning(),
    ctx.deps.policies.findPolicy('experiments'),
  ]);
  const ids = new Set(experiments.flatMap(({ collections }) => Object.values(collections)));
  const found = await Promise.all([...ids].map((id) => ctx.deps.collections.getCollection(id)));
  const { holdoutShare } = { ...defaultExperimentPolicy, ...policy?.value };
  return {
    experiments,
    collections: new Map(found.flatMap((one) => (one.status === 'ready' ? [[one.id, one]] : []))),
    holdoutShare,
  };
}
