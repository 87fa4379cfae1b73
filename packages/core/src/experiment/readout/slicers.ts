import type { PlainFacts } from '@embedding-studio/contracts';
import type { Ctx } from '../../context.ts';
import { pastDays, type Window } from './gather-inputs.ts';

/**
 * `query`: the frequent ones that make up half of the searches, and the rest. `seen`: whether the query was asked in the
 * 14 days before. `answer`: by words and meaning, or by words only. The others as the search said in its attributes.
 */
export const sliceBys = ['query', 'seen', 'answer', 'device', 'surface', 'category'] as const;
export type SliceBy = (typeof sliceBys)[number];

const queriesMax = 500_000;
const headShare = 0.5;

export async function createSlicer(
  ctx: Ctx,
  { experimentId, by, window }: { experimentId: string; by: SliceBy; window: Window },
): Promise<(facts: PlainFacts) => string> {
  if (by === 'query') {
    const head = await findHead(ctx, experimentId, window);
    return ({ query }) => (head.has(query) ? 'head' : 'tail');
  }
  if (by === 'seen') {
    const asked = await findAsked(ctx, window);
    return ({ query }) => (asked.has(query) ? 'seen' : 'unseen');
  }
  const prefix = `${by}:`;
  const without = by === 'answer' ? 'words and meaning' : 'unknown';
  const read = (slices: readonly string[]) => slices.find((slice) => slice.startsWith(prefix))?.slice(prefix.length);
  return ({ slices }) => read(slices) ?? without;
}

/** Beyond half a million different queries new ones are no head. */
async function findHead(ctx: Ctx, experimentId: string, window: Window): Promise<Set<string>> {
  const counts = new Map<string, number>();
  let total = 0;
  await ctx.deps.analytics.visitExperiment(experimentId, window, ({ query }) => {
    total++;
    const count = counts.get(query);
    if (count !== undefined || counts.size < queriesMax) counts.set(query, (count ?? 0) + 1);
  });
  const head = new Set<string>();
  let reached = 0;
  for (const [query, count] of [...counts].sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1))) {
    if (reached >= headShare * total) break;
    reached += count;
    head.add(query);
  }
  return head;
}

async function findAsked(ctx: Ctx, { from }: Window): Promise<Set<string>> {
  const asked = new Set<string>();
  const range = { from: new Date(from.getTime() - pastDays * 86_400_000), to: from };
  await ctx.deps.analytics.visitRange(range, ({ query }) => {
    if (asked.size < queriesMax) asked.add(query);
  });
  return asked;
}
