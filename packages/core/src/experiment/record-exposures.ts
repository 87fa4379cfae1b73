import { type SessionExperiment, toStudioError } from '@embedding-studio/contracts';
import type { CoreDeps, Ctx } from '../context.ts';
import { holdoutName } from './plan-search.ts';

/** Exposures that a process remembers having stored. */
const rememberedMax = 100_000;
const stored = new WeakMap<CoreDeps['experiments'], Set<string>>();

/** One row per unit and arm, the first time; asked beside the search and never in its way. */
export async function recordExposures(ctx: Ctx, parts: readonly SessionExperiment[]): Promise<void> {
  const { experiments, clock, log } = ctx.deps;
  const known = stored.get(experiments) ?? new Set<string>();
  stored.set(experiments, known);
  const at = clock.now();
  await Promise.all(
    parts.map(async ({ experimentId, unit, arm }) => {
      const key = `${experimentId} ${unit} ${arm}`;
      if (experimentId === holdoutName || known.has(key)) return;
      try {
        await experiments.recordExposure({ experimentId, unit, arm, at });
        if (known.size >= rememberedMax) known.clear();
        known.add(key);
      } catch (error) {
        log.warn(
          { experimentId, code: toStudioError(error).code },
          'an exposure was not stored; the next search tries again',
        );
      }
    }),
  );
}
