import { StudioError } from '@embedding-studio/contracts';
import { type ClickModel, simulateSessions } from '@embedding-studio/ml/clicks';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { type Dataset, type DatasetSession, isValidation, judgeQueries, trainSplit } from './dataset.ts';

export interface SimulatedClicksInput {
  dataset: Dataset;
  /** queryId → what the live search answers today, top first. */
  rankings: Readonly<Record<string, readonly string[]>>;
  seed: number;
  sessionsPerQuery: number;
  model?: Partial<ClickModel>;
}

const pageSize = 24;
/** Places of a page that go to graded items which the ranking misses, as if users had come upon them elsewhere. */
const exploredPlaces = 8;

/** Sessions of simulated users for training and validation queries only; test queries and withheld items never occur. */
export function simulateClicks({
  dataset,
  rankings,
  seed,
  sessionsPerQuery,
  model,
}: SimulatedClicksInput): DatasetSession[] {
  if (dataset.sessions) throw new StudioError('INPUT_INVALID', `${dataset.name} has real clicks: none are simulated`);
  const asked = dataset.queries.filter(({ split }) => split === trainSplit || isValidation(split));
  const judged = judgeQueries(dataset, asked);
  const random = createRandom(seed);
  const pages = Object.fromEntries(
    judged.map(({ queryId }) => [queryId, composePage({ dataset, queryId, ranking: rankings[queryId] ?? [], random })]),
  );
  const sessions = simulateSessions({ qrels: judged, rankings: pages, seed, sessionsPerQuery, pageSize, model });
  return sessions.filter(({ clicked }) => clicked.length > 0);
}

function composePage(input: {
  dataset: Dataset;
  queryId: string;
  ranking: readonly string[];
  random: () => number;
}): string[] {
  const { dataset, queryId, ranking, random } = input;
  const visible = ranking.filter((itemId) => !dataset.withheld.has(itemId));
  const found = visible.slice(0, pageSize - exploredPlaces);
  const graded = [...(dataset.qrels.get(queryId)?.keys() ?? [])];
  const missed = graded.filter((itemId) => !dataset.withheld.has(itemId) && !found.includes(itemId));
  const page = [...found];
  for (const itemId of shuffle(missed, random).slice(0, exploredPlaces))
    page.splice(Math.floor(random() * (page.length + 1)), 0, itemId);
  const rest = visible.filter((itemId) => !page.includes(itemId));
  return [...page, ...rest].slice(0, pageSize);
}
