import type { ModelRecord, TrainingDataCard } from '@embedding-studio/contracts';
import { normaliseQuery } from '@embedding-studio/ml/clicks';
import type { Ctx } from '../context.ts';
import { findNearQueries, nearCosines } from '../evaluation/find-near-queries.ts';
import { formatCount } from '../evaluation/gate-numbers.ts';
import type { NearNames } from '../evaluation/group-queries.ts';
import { fetchArtefact } from '../model/fetch-artefact.ts';
import { rememberIn } from './remember-in.ts';

/** The comparison of all with all grows with the square: seconds up to here, minutes above. */
export const nearQueriesMax = 20_000;

interface FoundGroups {
  cosine: number | null;
  /** Normalised queries. */
  groups: string[][];
  reason: string;
}

export interface NamedQueries {
  names: NearNames;
  card: NonNullable<TrainingDataCard['nearQueries']>;
}

/**
 * Which queries the base model hardly tells apart. Found once for a run and read again by its later attempts: a cosine
 * at the very threshold may fall on either side of it another time.
 */
export async function nameNearQueries(
  ctx: Ctx,
  asked: { base: ModelRecord; path: string; texts: readonly string[] },
): Promise<NamedQueries> {
  const { cosine, groups, reason } = await rememberIn(asked.path, () => findGroups(ctx, asked));
  const queries = groups.reduce((sum, group) => sum + group.length, 0);
  return {
    names: new Map(groups.flatMap((group, at) => group.map((query) => [query, at] as const))),
    card: { cosine, groups: groups.length, queries, reason },
  };
}

async function findGroups(
  ctx: Ctx,
  { base, texts: all }: { base: ModelRecord; texts: readonly string[] },
): Promise<FoundGroups> {
  const texts = [...new Set(all.map(normaliseQuery))].filter((text) => text !== '').sort();
  const spelling = 'near-duplicates are found by spelling alone';
  if (texts.length > nearQueriesMax)
    return {
      ...{ cosine: null, groups: [] },
      reason: `More than ${formatCount(nearQueriesMax)} different queries: ${spelling}.`,
    };
  const { folder: modelFolder } = await fetchArtefact(ctx, base);
  const signal = ctx.signal ?? new AbortController().signal;
  const vectors = await ctx.deps.trainer.encode({ modelFolder, texts, kind: 'query', signal });
  const { cosine, groups: places } = await findNearQueries(vectors, signal);
  if (cosine === null)
    return {
      ...{ cosine, groups: [] },
      reason: `Even at a cosine of ${nearCosines.at(-1)} the base model runs many queries together: ${spelling}.`,
    };
  const groups = places.map((group) => group.map((at) => texts[at] ?? ''));
  return { cosine, groups, reason: `Queries whose cosine is above ${cosine} stay on one side of the split.` };
}
