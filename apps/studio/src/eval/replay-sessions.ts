import type { StudioClient } from '@embedding-studio/sdk';
import { type Dataset, type DatasetSession, isValidation, simulateClicks, trainSplit } from '../datasets/index.ts';
import type { Search } from './measure-queries.ts';

const sessionsPerRequest = 250;
const rankedDepth = 60;
const searchesAtOnce = 4;
const simulatedPerQuery = 4;

export interface Replay {
  sessions: number;
  isSimulated: boolean;
}

/**
 * Sends the sessions of training and validation queries; those of validation are marked so that they only ever judge.
 * Sessions of any other split stay at home.
 */
export async function replaySessions(input: {
  client: StudioClient;
  dataset: Dataset;
  search: Search;
  seed: number;
}): Promise<Replay> {
  const { client, dataset } = input;
  const splitOf = new Map(dataset.queries.map(({ id, split }) => [id, split]));
  const known = dataset.sessions ?? (await simulate(input));
  const replayed = known.filter(({ queryId }) => {
    const split = splitOf.get(queryId) ?? '';
    return split === trainSplit || isValidation(split);
  });
  for (let start = 0; start < replayed.length; start += sessionsPerRequest) {
    const page = replayed.slice(start, start + sessionsPerRequest);
    const sessions = page.map((session) => describeSession(session, splitOf.get(session.queryId) ?? ''));
    await client.session.importSessions.mutate({ sessions });
  }
  return { sessions: replayed.length, isSimulated: dataset.sessions === null };
}

async function simulate({ dataset, search, seed }: { dataset: Dataset; search: Search; seed: number }) {
  const rankings: Record<string, string[]> = {};
  const asked = dataset.queries.filter(({ split }) => split === trainSplit || isValidation(split));
  const work = async () => {
    for (let query = asked.pop(); query !== undefined; query = asked.pop())
      rankings[query.id] = await search({ query: query.text, legs: 'fused', limit: rankedDepth });
  };
  await Promise.all(Array.from({ length: searchesAtOnce }, work));
  return simulateClicks({ dataset, rankings, seed, sessionsPerQuery: simulatedPerQuery });
}

/** Few recorded lists say whether their order meant anything; simulated ones are read from the top. */
export function describeSession(session: DatasetSession, split: string) {
  const { sessionId, query, shown, clicked, isSimulated, isShuffled } = session;
  return {
    sessionId,
    query,
    shown: shown.map((itemId) => ({ itemId })),
    searchMeta: {
      ...(isValidation(split) && { split: 'validation' }),
      ...(isSimulated ? { isSimulated } : { order: isShuffled ? 'random' : 'unknown' }),
    },
    events: clicked.map((itemId, index) => ({ eventId: `click-${index + 1}`, itemId, type: 'click' })),
  };
}
