import { balanced, type Interleaved, type InterleaveInput, openCoin, teamDraft } from '@embedding-studio/ml/interleave';
import { createRandom } from '@embedding-studio/ml/ranking';
import { expectFirstClick, expectPreference, type Outcome } from './exact-outcomes.ts';
import { preferenceOf, type Query, type Searcher, search, shown } from './simulate-searchers.ts';

/** Of standard normal quantiles at .975 and .95: a two-sided test at 5 % with 95 % power. */
const seen = 1.959963984540054;
const reach = seen + 1.6448536269514722;

export type Way = 'A/B, CTR' | 'A/B, MRR' | 'balanced' | 'team-draft' | 'team-draft, whole lists';

export interface Need {
  way: Way;
  effect: number;
  /** Searches for 95 % power: of both arms together in an A/B test. */
  searches: number;
}

interface World {
  queries: readonly Query[];
  searcher: Searcher;
  seed: number;
}

/** How many searches each way needs to tell the rankings apart. Clicks are worked out; `coins` lists are drawn per query. */
export function measureNeeds(world: World, coins: number): Need[] {
  return [
    ...(['ctr', 'mrr'] as const).map((metric): Need => {
      const [first, second] = (['first', 'second'] as const).map((side) =>
        momentsOf(world.queries.map((query) => expectFirstClick(query[side], { ...world, query, metric }))),
      );
      const effect = (second?.mean ?? 0) - (first?.mean ?? 0);
      const searches = (2 * reach ** 2 * ((first?.variance ?? 0) + (second?.variance ?? 0))) / effect ** 2;
      return { way: metric === 'ctr' ? 'A/B, CTR' : 'A/B, MRR', effect, searches };
    }),
    needOf('balanced', expectLists(world, { make: balanced, coins })),
    needOf('team-draft, whole lists', expectLists(world, { make: creditAll, coins })),
    needOf('team-draft', expectLists(world, { make: teamDraft, coins })),
  ];
}

function needOf(way: Way, { mean, variance }: Moments): Need {
  return { way, effect: mean, searches: (reach ** 2 * variance) / mean ** 2 };
}

/** As team-draft without our dropping of what both lists agree on: the agreed places go to a drawn team each. */
function creditAll(input: InterleaveInput): Interleaved {
  const made = teamDraft(input);
  const flip = openCoin(`${input.seed} agreed`);
  return { ...made, teams: made.teams.replace(/-/g, () => (flip() ? 'A' : 'B')) };
}

interface Moments {
  mean: number;
  variance: number;
}

function momentsOf(outcomes: readonly Outcome[]): Moments {
  const mean = outcomes.reduce((total, outcome) => total + outcome.mean, 0) / outcomes.length;
  const square = outcomes.reduce((total, outcome) => total + outcome.square, 0) / outcomes.length;
  return { mean, variance: square - mean * mean };
}

function expectLists(
  { queries, searcher, seed }: World,
  { make, coins }: { make: (input: InterleaveInput) => Interleaved; coins: number },
): Moments {
  return momentsOf(
    queries.flatMap((query, at) =>
      Array.from({ length: coins }, (_, coin) => {
        const list = make({ first: query.first, second: query.second, length: shown, seed: `${seed} ${at} ${coin}` });
        return expectPreference(list, query, searcher);
      }),
    ),
  );
}

/** Share of runs of that many simulated searches in which team-draft sees the second list ahead at 5 %. */
export function measurePower(world: World, { searches, runs }: { searches: number; runs: number }): number {
  let ahead = 0;
  for (let run = 0; run < runs; run++) {
    const { mean, variance } = drawSearches({ ...world, seed: world.seed + run + 1 }, searches);
    if (mean / Math.sqrt(variance / searches) > seen) ahead++;
  }
  return ahead / runs;
}

function drawSearches({ queries, searcher, seed }: World, searches: number): Moments {
  const random = createRandom(seed);
  const outcomes = Array.from({ length: searches }, (_, at) => {
    const query = queries[Math.floor(random() * queries.length)] as Query;
    const list = teamDraft({ first: query.first, second: query.second, length: shown, seed: `${seed} ${at}` });
    const mean = preferenceOf(list, search(list.items, { query, searcher, random }));
    return { mean, square: mean * mean };
  });
  return momentsOf(outcomes);
}
