import type { JudgedQuery } from '@embedding-studio/contracts';
import { clickChance } from '@embedding-studio/ml/clicks';
import { createRandom } from '@embedding-studio/ml/ranking';
import type { StudioClient } from '@embedding-studio/sdk';

/** What everybody in the simulation wants, and how they look at a list. */
export interface Preference {
  queries: readonly JudgedQuery[];
  /** Results that they see. */
  listed: number;
}

export const clickModel = { bias: 0.7, noise: 0.02, gradeMax: 1 };

export interface Crowd {
  client: StudioClient;
  preference: Preference;
  /** Begins the user ids; another prefix is other people. */
  prefix: string;
  from: number;
  to: number;
  searchesEach: number;
}

const atOnce = 8;
const dwellSeconds = 45;

/** Simulated people search and click by the position-based model; the same person is the same at every run. */
export async function sendPeople({ from, to, ...crowd }: Crowd): Promise<void> {
  let next = from;
  const walk = async () => {
    while (next < to) await visit(crowd, next++);
  };
  await Promise.all(Array.from({ length: atOnce }, walk));
}

async function visit({ client, preference, prefix, searchesEach }: Omit<Crowd, 'from' | 'to'>, person: number) {
  const { queries, listed } = preference;
  const random = createRandom(person + 1);
  const userId = `${prefix}-${person}`;
  for (let search = 0; search < searchesEach; search++) {
    const wanted = queries[Math.floor(random() * queries.length)];
    if (wanted === undefined) return;
    const asked = { query: wanted.text, userId, limit: listed, createSession: true };
    const { hits, sessionId } = await client.search.searchItems.query(asked);
    if (sessionId === undefined) continue;
    const events = hits.flatMap(({ itemId }, at) => {
      const isClicked = random() < clickChance(clickModel, wanted.relevant[itemId] === undefined ? 0 : 1, at + 1);
      return isClicked ? [{ sessionId, eventId: `${sessionId}-${at}`, itemId, type: 'click', dwellSeconds }] : [];
    });
    if (events.length > 0) await client.session.ingestEvents.mutate({ events });
  }
}

/** The chance of a click among the first `k`, by the same model: what the experiment ought to find. */
export function expectedCtr(lists: readonly { wanted: JudgedQuery; itemIds: readonly string[] }[], k: number): number {
  const chances = lists.map(({ wanted, itemIds }) => {
    const unclicked = itemIds
      .slice(0, k)
      .reduce(
        (chance, itemId, at) =>
          chance * (1 - clickChance(clickModel, wanted.relevant[itemId] === undefined ? 0 : 1, at + 1)),
        1,
      );
    return 1 - unclicked;
  });
  return chances.reduce((sum, chance) => sum + chance, 0) / Math.max(1, chances.length);
}
