import type { TrainingSettings } from '@embedding-studio/contracts';
import type { Ctx } from '../context.ts';
import { type SearchWork, searchSettings } from './search-settings.ts';

/** What is trained with: the settings given, or the best that a search of them finds. */
export async function chooseSettings(
  ctx: Ctx,
  work: Omit<SearchWork, 'search'>,
): Promise<{ settings: TrainingSettings; searchRunId: string | null }> {
  const { search, settings: given } = work.job.task.input;
  const found = search === undefined ? null : await searchSettings(ctx, { ...work, search });
  const parsed = work.method.parseSettings(found?.settings ?? given);
  const settings = { ...parsed, threads: ctx.deps.settings.trainingThreads };
  return { settings, searchRunId: found?.searchRunId ?? null };
}
