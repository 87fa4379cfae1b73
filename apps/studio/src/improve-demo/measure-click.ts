import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '@embedding-studio/contracts';
import type { StudioClient } from '@embedding-studio/sdk';

/** The clicked item is one that a reader would have had to scroll for. */
const clickedPlace = 5;
const shownCount = 10;
const deepest = 50;
const learnWithinMs = 60_000;

export interface ClickOutcome {
  query: string;
  itemId: string;
  rank: { before: number; forUser: number; forOthers: number; afterPeople: number };
  /** Seconds from the click to the first search that shows it. */
  visibleAfter: number;
  /** Share of the list before that is still among the first ten: for others after one click, and after many. */
  kept: { afterOne: number; afterPeople: number };
}

export interface ClickPlan {
  client: StudioClient;
  query: string;
  people: number;
  place: number;
}

/** One click of one user, then the same click of many. */
export async function measureClick({ client, query, people, place }: ClickPlan): Promise<ClickOutcome | null> {
  const userId = `demo-user-${place}`;
  const before = await rank(client, query);
  const itemId = before[clickedPlace - 1];
  if (itemId === undefined) return null;
  const started = performance.now();
  await clickAs(client, { query, itemId, userId, shown: before });
  await awaitLearning(client, itemId);
  const forUser = await rank(client, query, userId);
  const visibleAfter = (performance.now() - started) / 1000;
  const forOthers = await rank(client, query);
  for (let person = 0; person < people; person++)
    await clickAs(client, { query, itemId, userId: `demo-person-${place}-${person}`, shown: before });
  const { state } = await client.improvement.getImprovement.query({});
  await learnNow(client, state?.versionLast ?? 0);
  const afterPeople = await rank(client, query);
  return {
    query,
    itemId,
    rank: {
      before: clickedPlace,
      forUser: placeOf(itemId, forUser),
      forOthers: placeOf(itemId, forOthers),
      afterPeople: placeOf(itemId, afterPeople),
    },
    visibleAfter,
    kept: { afterOne: share(before, forOthers), afterPeople: share(before, afterPeople) },
  };
}

async function rank(client: StudioClient, query: string, userId?: string): Promise<string[]> {
  const { hits } = await client.search.searchItems.query({ query, legs: 'vector', limit: deepest, userId });
  return hits.map(({ itemId }) => itemId);
}

const placeOf = (itemId: string, list: readonly string[]) => list.indexOf(itemId) + 1;

function share(before: readonly string[], after: readonly string[]): number {
  const first = before.slice(0, shownCount);
  const kept = new Set(after.slice(0, shownCount));
  return first.filter((itemId) => kept.has(itemId)).length / Math.max(1, first.length);
}

interface Click {
  query: string;
  itemId: string;
  userId: string;
  shown: readonly string[];
}

async function clickAs(client: StudioClient, { query, itemId, userId, shown }: Click): Promise<void> {
  const sessionId = `${userId}-${globalThis.crypto.randomUUID()}`;
  const list = shown.slice(0, shownCount).map((id, index) => ({ itemId: id, position: index + 1 }));
  await client.session.registerSession.mutate({ sessionId, query, shown: list, userId });
  await client.session.ingestEvents.mutate({ events: [{ sessionId, eventId: 'click', itemId, dwellSeconds: 60 }] });
}

/** Feedback starts the learning by itself; this only looks. */
async function awaitLearning(client: StudioClient, itemId: string): Promise<void> {
  const deadline = performance.now() + learnWithinMs;
  while (performance.now() < deadline) {
    const { item } = await client.improvement.getImprovement.query({ itemId });
    // Search processes look for a new version about once a second.
    if (item?.isMoved === true) return sleep(1_100);
    await sleep(200);
  }
  throw new StudioError('INTERNAL', `Nothing was learned from a click within ${learnWithinMs / 1_000} s.`);
}

async function learnNow(client: StudioClient, versionBefore: number): Promise<void> {
  await client.improvement.requestImprovement.mutate({});
  const deadline = performance.now() + learnWithinMs;
  while (performance.now() < deadline) {
    const { state } = await client.improvement.getImprovement.query({});
    if ((state?.versionLast ?? 0) > versionBefore) return sleep(1_500);
    await sleep(200);
  }
}
