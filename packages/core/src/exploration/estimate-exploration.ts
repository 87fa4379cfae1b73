import { ArmTreatment, type Collection } from '@embedding-studio/contracts';
import type { Estimate } from '@embedding-studio/ml/bias';
import {
  type CounterfactualValue,
  estimateDr,
  estimateIps,
  estimateSnips,
  type LoggedDraw,
} from '@embedding-studio/ml/counterfactual';
import { z } from 'zod';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { chooseCollection } from '../search/choose-collection.ts';
import { rankArm } from '../search/rank-search.ts';
import { SearchItemsInput } from '../search/search-input.ts';
import { expectRewards } from './expect-rewards.ts';
import { type ExploredPlace, listExplored } from './list-explored.ts';

/** Each place costs one ranking. */
const placesMax = 1_000;
const itemsMax = 50;

export const EstimateExplorationInput = z.strictObject({
  /** How the other ranking differs from the live one, as an arm of an experiment would. */
  treatment: ArmTreatment.default({}),
  /** Newest sessions that are looked through. */
  sessions: z.number().int().min(100).max(50_000).default(10_000),
});
export type EstimateExplorationInput = z.input<typeof EstimateExplorationInput>;

export interface ExplorationEstimate {
  /** Explored places that were found. */
  places: number;
  /** Click rate on them as they were; null without any. */
  clickRate: number | null;
  /** The click rate that they would have had by the other ranking. */
  ips: Estimate<CounterfactualValue>;
  snips: Estimate<CounterfactualValue>;
  dr: Estimate<CounterfactualValue>;
}

/**
 * How often the explored places would have been clicked, had their items been drawn by another ranking's order: the
 * item at place k of its list, without what the page showed anyway, with a weight of 1 ÷ k. From what was logged, without
 * showing anything to anybody.
 */
export async function estimateExploration({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: EstimateExplorationInput;
}): Promise<ExplorationEstimate> {
  authorise(ctx, 'experiment.read');
  const { treatment, sessions } = parseInput(EstimateExplorationInput, input);
  const places = await listExplored(ctx, { sessions, places: placesMax });
  const collection = await chooseCollection(ctx, treatment.collectionId);
  const rankings = new Map<string, readonly string[]>();
  const choices: ReadonlyMap<string, number>[] = [];
  for (const place of places) {
    const ranked = rankings.get(place.queryKey) ?? (await rank(ctx, { query: place.query, collection, treatment }));
    rankings.set(place.queryKey, ranked);
    choices.push(weighChoices(ranked, place));
    ctx.signal?.throwIfAborted();
  }
  const draws = makeDraws(places, choices);
  const clicks = places.filter(({ isClicked }) => isClicked).length;
  return {
    places: places.length,
    clickRate: places.length === 0 ? null : clicks / places.length,
    ips: estimateIps(draws),
    snips: estimateSnips(draws),
    dr: estimateDr(draws),
  };
}

async function rank(
  ctx: Ctx,
  { query, ...arm }: { query: string; collection: Collection; treatment: ArmTreatment },
): Promise<string[]> {
  const search = parseInput(SearchItemsInput, { query, limit: 2 * itemsMax });
  const { placed } = await rankArm(ctx, { search, page: { offset: 0, limit: search.limit }, ...arm });
  return placed.items.map(({ itemId }) => itemId);
}

/** itemId → probability that the other ranking would have drawn it into the explored place. */
function weighChoices(ranked: readonly string[], { others }: ExploredPlace): Map<string, number> {
  const taken = new Set(others);
  const free = ranked.filter((itemId) => !taken.has(itemId)).slice(0, itemsMax);
  const total = free.reduce((sum, _, at) => sum + 1 / (at + 1), 0);
  return new Map(free.map((itemId, at) => [itemId, 1 / (at + 1) / total]));
}

function makeDraws(places: readonly ExploredPlace[], choices: readonly ReadonlyMap<string, number>[]): LoggedDraw[] {
  const expect = expectRewards(places);
  return places.map(({ itemId, share, isClicked }, at): LoggedDraw => {
    const chosen = choices[at] ?? new Map<string, number>();
    let expectedTarget = 0;
    for (const [other, chance] of chosen) expectedTarget += chance * expect(other, at);
    return {
      ...{ reward: Number(isClicked), propensity: share, target: chosen.get(itemId) ?? 0 },
      ...{ expected: expect(itemId, at), expectedTarget },
    };
  });
}
