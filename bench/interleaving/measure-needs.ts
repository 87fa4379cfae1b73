import { balanced, type Interleaved, type InterleaveInput, openCoin, teamDraft } from '@embedding-studio/ml/interleave';
import { createRandom } from '@embedding-studio/ml/ranking';
import { preferenceOf, type Query, type Searcher, search, shown } from './simulate-searchers.ts';

/** Of standard normal quantiles at .975 and .95: a two-sided test at 5 % with 95 % power. */
const reach = 1.959963984540054 + 1.6448536269514722;
const metrics = { ctr: (clicked: readonly number[]) => Number(clicked.length > 0), mrr: reciprocalOf };

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

function reciprocalOf(clicked: readonly number[]): number {
  return clicked[0] === undefined ? 0 : 1 / clicked[0];
}

/** How many searches each way needs to tell the rankings apart, by effect and spread over `samples` searches. */
export function measureNeeds(world: World, samples: number): Need[] {
  return [
    ...(['ctr', 'mrr'] as const).map((metric): Need => {
      const [first, second] = (['first', 'second'] as const).map((side) => sampleArm(world, { side, metric, samples }));
      const effect = (second?.mean ?? 0) - (first?.mean ?? 0);
      const searches = (2 * reach ** 2 * ((first?.variance ?? 0) + (second?.variance ?? 0))) / effect ** 2;
      return { way: metric === 'ctr' ? 'A/B, CTR' : 'A/B, MRR', effect, searches };
    }),
    needOf('balanced', sampleLists(world, { make: balanced, samples: samples / 2 })),
    needOf('team-draft, whole lists', sampleLists(world, { make: creditAll, samples: samples / 2 })),
    needOf('team-draft', sampleLists(world, { make: teamDraft, samples: samples / 2 })),
  ];
}

function needOf(way: Way, { mean, variance }: Moments): Need {
  return { way, effect: mean, searches: (reach ** 2 * variance) / mean ** 2 };
}

/** Share of runs of that many searches in which team-draft sees the second list ahead at 5 %. */
export function measurePower(world: World, { searches, runs }: { searches: number; runs: number }): number {
  let seen = 0;
  for (let run = 0; run < runs; run++) {
    const moments = sampleLists({ ...world, seed: world.seed + run + 1 }, { make: teamDraft, samples: searches });
    if (moments.mean / Math.sqrt(moments.variance / searches) > 1.959963984540054) seen++;
  }
  return seen / runs;
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

function sampleArm(
  { queries, searcher, seed }: World,
  { side, metric, samples }: { side: 'first' | 'second'; metric: keyof typeof metrics; samples: number },
): Moments {
  const random = createRandom(seed);
  return momentsOf(samples, () => {
    const query = queries[Math.floor(random() * queries.length)] as Query;
    return metrics[metric](search(query[side], { query, searcher, random }));
  });
}

function sampleLists(
  { queries, searcher, seed }: World,
  { make, samples }: { make: (input: InterleaveInput) => Interleaved; samples: number },
): Moments {
  const random = createRandom(seed);
  return momentsOf(samples, (at) => {
    const query = queries[Math.floor(random() * queries.length)] as Query;
    const list = make({ first: query.first, second: query.second, length: shown, seed: `${seed} ${at}` });
    return preferenceOf(list, search(list.items, { query, searcher, random }));
  });
}

function momentsOf(samples: number, draw: (at: number) => number): Moments {
  let [sum, squares] = [0, 0];
  for (let at = 0; at < samples; at++) {
    const value = draw(at);
    sum += value;
    squares += value * value;
  }
  const mean = sum / samples;
  return { mean, variance: squares / samples - mean * mean };
}
