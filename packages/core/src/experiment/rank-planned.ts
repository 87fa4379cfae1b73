import { type SessionExperiment, toStudioError } from '@embedding-studio/contracts';
import { balanced, teamDraft } from '@embedding-studio/ml/interleave';
import { queryOf } from '../analytics/session-facts.ts';
import type { Ctx } from '../context.ts';
import type { Asking } from '../search/answer-from-live.ts';
import type { PlacedItem } from '../search/apply-rankers.ts';
import { collectionGone, type Ranking, rankArm, rankLive } from '../search/rank-search.ts';
import type { SearchPlan, Treatment } from './plan-search.ts';
import { countAnswer } from './record-agreement.ts';

export interface PlannedRanking extends Ranking {
  /** What the session says of the experiments; of an interleaved list with its teams. */
  parts: SessionExperiment[];
}

export interface PlannedAsking extends Asking {
  plan: SearchPlan;
}

/**
 * The list that this search shows. An arm that cannot answer costs nobody the search: the live collection answers, the
 * answer says `arm_unavailable`, and the unit still counts under its arm.
 */
export async function rankPlanned(ctx: Ctx, asked: PlannedAsking): Promise<PlannedRanking> {
  const { plan, ...asking } = asked;
  try {
    if (plan.contest !== null) return await rankContest(ctx, { ...asked, contest: plan.contest });
    if (plan.treatment !== null)
      return { ...(await rankTreated(ctx, { ...asked, treatment: plan.treatment })), parts: plan.parts };
  } catch (error) {
    const { code } = toStudioError(error);
    if (code === 'ABORTED' || code === 'INPUT_INVALID') throw error;
    ctx.deps.log.warn(
      { code, experiments: plan.parts.map(({ experimentId }) => experimentId) },
      'an arm has no answer',
    );
    const live = await rankLive(ctx, asking);
    live.answer.degraded.push('arm_unavailable');
    for (const { experimentId } of plan.parts) countAnswer(ctx, experimentId, { failed: 1 });
    return { ...live, parts: plan.parts };
  }
  return { ...(await rankLive(ctx, asking)), parts: plan.parts };
}

/** By the collection that the arm was given when its experiment began, or not at all. */
export async function rankTreated(
  ctx: Ctx,
  { plan, treatment, ...asking }: PlannedAsking & { treatment: Treatment },
): Promise<Ranking> {
  const collection = plan.running.collections.get(treatment.collectionId);
  if (collection === undefined) throw collectionGone(treatment.collectionId);
  return rankArm(ctx, { ...asking, collection, treatment });
}

const teamsMax = 100;

/** One list of both, the same at every page: the coin is seeded by experiment, unit and query. */
async function rankContest(
  ctx: Ctx,
  asked: PlannedAsking & { contest: NonNullable<SearchPlan['contest']> },
): Promise<PlannedRanking> {
  const { plan, contest, search } = asked;
  const [first, second] = await Promise.all([
    rankTreated(ctx, { ...asked, treatment: contest.first }),
    rankTreated(ctx, { ...asked, treatment: contest.second }),
  ]);
  const itemById = new Map<string, PlacedItem>();
  for (const item of [...second.placed.items, ...first.placed.items]) itemById.set(item.itemId, item);
  const { id, salt, definition } = contest.experiment;
  const interleave = definition.interleaving === 'balanced' ? balanced : teamDraft;
  const { items, teams } = interleave({
    first: first.placed.items.map(({ itemId }) => itemId),
    second: second.placed.items.map(({ itemId }) => itemId),
    length: Math.max(first.placed.items.length, second.placed.items.length),
    seed: `${salt}:${contest.unit}:${queryOf(search.query)}`,
  });
  const known = new Set(first.answer.candidates.map(({ itemId }) => itemId));
  return {
    ...first,
    answer: {
      ...first.answer,
      candidates: [...first.answer.candidates, ...second.answer.candidates.filter(({ itemId }) => !known.has(itemId))],
      degraded: [...new Set([...first.answer.degraded, ...second.answer.degraded])],
    },
    placed: { ...first.placed, items: items.flatMap((itemId) => itemById.get(itemId) ?? []) },
    parts: plan.parts.map((part) => (part.experimentId === id ? { ...part, teams: teams.slice(0, teamsMax) } : part)),
  };
}
