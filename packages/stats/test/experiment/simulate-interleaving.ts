import {
  compareInterleaving,
  compareWelch,
  createSeededRandom,
  findNeededUnits,
  type InterleavedUser,
  type SeededRandom,
  summariseRatio,
  tallyInterleaving,
} from '../../src/index.ts';
import { estimated } from './estimated.ts';
import { addVisit, emptySums, pairOf, type Visit } from './simulate-peeking.ts';

const queries = 40;
const candidates = 30;
const shown = 10;

/** What a query's two rankings show: chances of a click on what is looked at, by item, and the order of either side. */
export interface Query {
  attraction: number[];
  a: number[];
  b: number[];
}

/** Searchers whose preference is known: B orders by relevance with less noise than A, so they find more with it. */
export function makeWorld(seed: number, noise: { a: number; b: number }): Query[] {
  const random = createSeededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return Array.from({ length: queries }, () => {
    const attraction = Array.from({ length: candidates }, () => 0.5 * random.next() ** 4);
    const order = (spread: number) => {
      const scores = attraction.map((chance) => chance + spread * normal());
      return attraction.map((_, item) => item).sort((left, right) => (scores[right] ?? 0) - (scores[left] ?? 0));
    };
    return { attraction, a: order(noise.a).slice(0, shown), b: order(noise.b).slice(0, shown) };
  });
}

/** Position-based clicks: rank k (from 0) is looked at with chance 1 ÷ √(k + 1); users differ in how readily they click. */
function isClicked(random: SeededRandom, { attraction, rank }: { attraction: number; rank: number }): boolean {
  return random.next() < attraction / Math.sqrt(rank + 1);
}

function pickQuery(world: readonly Query[], random: SeededRandom): Query {
  return world[random.nextIndex(world.length)] ?? { attraction: [], a: [], b: [] };
}

function drawUser(random: SeededRandom): { searches: number; keenness: number } {
  return { searches: 1 + random.nextIndex(4), keenness: 0.2 + 0.8 * random.next() };
}

/** An A/B user: x searches, y of them with a click, all on one side's list. */
export function drawAbUser(world: readonly Query[], side: 'a' | 'b', random: SeededRandom): Visit {
  const { searches, keenness } = drawUser(random);
  let clicked = 0;
  for (let search = 0; search < searches; search++) {
    const query = pickQuery(world, random);
    const hit = query[side].some((item, rank) =>
      isClicked(random, { attraction: keenness * (query.attraction[item] ?? 0), rank }),
    );
    if (hit) clicked++;
  }
  return { x: searches, y: clicked };
}

/** The same user on team-draft lists: a search goes to the side whose results got more clicks. */
export function drawInterleavedUser(world: readonly Query[], random: SeededRandom): InterleavedUser {
  const { searches, keenness } = drawUser(random);
  const user = { wins: 0, ties: 0, losses: 0 };
  for (let search = 0; search < searches; search++) {
    const query = pickQuery(world, random);
    let credit = 0;
    for (const [rank, { item, team }] of draftTeams(query, random).entries())
      if (isClicked(random, { attraction: keenness * (query.attraction[item] ?? 0), rank }))
        credit += team === 'b' ? 1 : -1;
    user[credit > 0 ? 'wins' : credit < 0 ? 'losses' : 'ties']++;
  }
  return user;
}

function draftTeams({ a, b }: Query, random: SeededRandom): { item: number; team: 'a' | 'b' }[] {
  const list: { item: number; team: 'a' | 'b' }[] = [];
  const used = new Set<number>();
  const places = { a: 0, b: 0 };
  const pick = (team: 'a' | 'b', items: readonly number[]) => {
    while (used.has(items[places[team]] ?? -1)) places[team]++;
    const item = items[places[team]];
    if (item === undefined || list.length === shown) return;
    used.add(item);
    list.push({ item, team });
  };
  while (list.length < shown) {
    const isFirst = random.next() < 0.5;
    pick(isFirst ? 'b' : 'a', isFirst ? b : a);
    pick(isFirst ? 'a' : 'b', isFirst ? a : b);
  }
  return list;
}

const keennessSteps = 400;

/** Share of searches with a click, computed, not drawn. */
function clickThroughOf(world: readonly Query[], side: 'a' | 'b'): number {
  let sum = 0;
  for (const query of world)
    for (let step = 0; step < keennessSteps; step++) {
      const keenness = 0.2 + (0.8 * (step + 0.5)) / keennessSteps;
      const missed = query[side].reduce(
        (chance, item, rank) => chance * (1 - (keenness * (query.attraction[item] ?? 0)) / Math.sqrt(rank + 1)),
        1,
      );
      sum += 1 - missed;
    }
  return sum / (world.length * keennessSteps);
}

export interface Sensitivity {
  /** Share of searches with a click on A's and on B's lists. */
  clickThrough: { a: number; b: number };
  /** Searches for 95 % power at 5 %, two-sided, one look. */
  abSearches: number;
  interleavedSearches: number;
  /** Users who make them. */
  abUsers: number;
  interleavedUsers: number;
}

/** How much each way needs: the A/B test's effect is computed, the rest measured on `users` users. */
export function measureSensitivity(world: readonly Query[], users: number, random: SeededRandom): Sensitivity {
  const arms = [emptySums(), emptySums()] as const;
  for (let user = 0; user < users; user++) {
    addVisit(arms[0], drawAbUser(world, 'a', random));
    addVisit(arms[1], drawAbUser(world, 'b', random));
  }
  const { control, treatment } = pairOf(arms) ?? fail();
  const clickThrough = { a: clickThroughOf(world, 'a'), b: clickThroughOf(world, 'b') };
  const tally = estimated(tallyInterleaving(drawUsers(world, users, random)));
  const share = estimated(summariseRatio(tally.users));
  const needs = (variance: number, effect: number) =>
    estimated(findNeededUnits({ variance, effect, power: 0.95, test: 'fixed' })).units;
  const abUsers = needs((control.variance + treatment.variance) / 2, clickThrough.b - clickThrough.a);
  // One sample, not two to be told apart: a quarter of the variance's units.
  const interleavedUsers = Math.ceil(needs(share.variance, share.mean - 0.5) / 4);
  const searchesEach = tally.users.sumX / tally.users.n;
  return {
    clickThrough,
    abUsers,
    interleavedUsers,
    abSearches: Math.round(abUsers * searchesEach),
    interleavedSearches: Math.round(interleavedUsers * searchesEach),
  };
}

/** Share of runs with as many users that see B ahead at 5 %. */
export function measureAbPower(world: readonly Query[], { runs, users }: Runs, random: SeededRandom): number {
  let seen = 0;
  for (let run = 0; run < runs; run++) {
    const arms = [emptySums(), emptySums()] as const;
    for (let user = 0; user < users; user++)
      addVisit(arms[user % 2 === 0 ? 0 : 1], drawAbUser(world, user % 2 === 0 ? 'a' : 'b', random));
    if (estimated(compareWelch(pairOf(arms) ?? fail())).absolute.lo > 0) seen++;
  }
  return seen / runs;
}

export function measureInterleavedPower(world: readonly Query[], { runs, users }: Runs, random: SeededRandom): number {
  let seen = 0;
  for (let run = 0; run < runs; run++) {
    const tally = estimated(tallyInterleaving(drawUsers(world, users, random)));
    if (estimated(compareInterleaving(tally)).delta.lo > 0) seen++;
  }
  return seen / runs;
}

interface Runs {
  runs: number;
  users: number;
}

function* drawUsers(world: readonly Query[], users: number, random: SeededRandom) {
  for (let user = 0; user < users; user++) yield drawInterleavedUser(world, random);
}

function fail(): never {
  throw new Error('no spread in the simulated users');
}
