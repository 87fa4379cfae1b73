import type { ItemInput, JudgedQuery } from '@embedding-studio/contracts';

export interface DatasetQuery {
  id: string;
  text: string;
  split: string;
  /** Items clicked, and how many of those no training query clicked, where the folder says so. */
  clicked?: number;
  newItems?: number;
  /** Part of a cross-validation, where the folder says so. */
  fold?: number;
}

/** One page that somebody saw: a person, or the click model (`isSimulated`). */
export interface DatasetSession {
  sessionId: string;
  queryId: string;
  query: string;
  /** Top first. */
  shown: string[];
  clicked: string[];
  isSimulated: boolean;
  /** The order of `shown` is known to have been drawn at random, not made by a ranker. */
  isShuffled?: boolean;
}

export interface Dataset {
  name: string;
  /** Where it came from, for people. */
  source: string;
  items: ItemInput[];
  queries: DatasetQuery[];
  /** queryId → itemId → grade; 0 is looked at and not relevant, absent is not judged. */
  qrels: Map<string, Map<string, number>>;
  /** null: nobody's clicks are known; they have to be simulated. */
  sessions: DatasetSession[] | null;
  /** Items that no simulated user may see: they stand for items that are new after training. */
  withheld: ReadonlySet<string>;
  /** Items that nothing was ever learnt from: test queries are also asked among these alone. */
  untouched?: ReadonlySet<string>;
  /** True when an item that is not graded is known to be irrelevant. */
  isFullyJudged: boolean;
  /** What was odd but not fatal. */
  warnings: string[];
}

/** A query that is asked of all items, or `among` some. */
export type AskedQuery = JudgedQuery & { among?: ReadonlySet<string> };

export interface NamedSplit {
  name: string;
  queries: AskedQuery[];
}

export const trainSplit = 'train';
export const allNewSplit = 'all_new';
const validationNames = ['val', 'valid', 'validation', 'dev'];
/** Queries that a folder keeps because nothing answers them. */
export const unanswerableSplit = 'none';
const derivedQueriesMin = 10;
const untouchedSuffix = 'untouched';

export function isValidation(split: string): boolean {
  return validationNames.includes(split);
}

/** Splits to be reported: neither trained on nor used to choose settings, with at least one relevant item. */
export function listTestSplits(dataset: Dataset): NamedSplit[] {
  const names = [...new Set(dataset.queries.map(({ split }) => split))];
  const reported = names.filter((name) => name !== trainSplit && name !== unanswerableSplit && !isValidation(name));
  const splits: NamedSplit[] = reported.map((name) => ({
    name,
    queries: judgeQueries(
      dataset,
      dataset.queries.filter(({ split }) => split === name),
    ),
  }));
  if (dataset.untouched) return splits.flatMap((split) => [split, askAmong(split, dataset.untouched ?? new Set())]);
  if (!names.includes(allNewSplit)) splits.push(deriveAllNew(dataset));
  return splits.filter(({ name, queries }) => queries.length >= (name === allNewSplit ? derivedQueriesMin : 1));
}

/** The same queries with what they want of these items, none of the others being there. */
function askAmong({ name, queries }: NamedSplit, among: ReadonlySet<string>): NamedSplit {
  const asked = queries.flatMap((query) => {
    const relevant = Object.fromEntries(Object.entries(query.relevant).filter(([itemId]) => among.has(itemId)));
    if (Object.keys(relevant).length === 0) return [];
    const judged = query.judged.filter((itemId) => among.has(itemId));
    return [{ ...query, queryId: `${query.queryId} ${untouchedSuffix}`, relevant, judged, among }];
  });
  return { name: `${name}_${untouchedSuffix}`, queries: asked };
}

/** Only queries with something relevant: the others cannot be ranked well or badly. */
export function judgeQueries(dataset: Dataset, queries: readonly DatasetQuery[]): JudgedQuery[] {
  const everything = dataset.isFullyJudged ? dataset.items.map(({ id }) => id) : null;
  return queries.flatMap(({ id, text }) => {
    const grades = dataset.qrels.get(id) ?? new Map<string, number>();
    const relevant = Object.fromEntries([...grades].filter(([, grade]) => grade > 0));
    if (Object.keys(relevant).length === 0) return [];
    return [{ queryId: id, text, relevant, judged: everything ?? [...grades.keys()] }];
  });
}

/** Queries outside training all of whose wanted items are new to it: by the folder's counts, else by comparing. */
function deriveAllNew(dataset: Dataset): NamedSplit {
  const trained = listTrainedItems(dataset);
  const isAllNew = (query: DatasetQuery) => {
    if (query.split === trainSplit || query.split === unanswerableSplit) return false;
    if (query.newItems !== undefined && query.clicked !== undefined)
      return query.clicked > 0 && query.newItems === query.clicked;
    const grades = [...(dataset.qrels.get(query.id) ?? [])];
    return grades.every(([itemId, grade]) => grade <= 0 || !trained.has(itemId));
  };
  return { name: allNewSplit, queries: judgeQueries(dataset, dataset.queries.filter(isAllNew)) };
}

function listTrainedItems(dataset: Dataset): Set<string> {
  const training = new Set(dataset.queries.filter(({ split }) => split === trainSplit).map(({ id }) => id));
  if (dataset.sessions)
    return new Set(dataset.sessions.filter(({ queryId }) => training.has(queryId)).flatMap(({ clicked }) => clicked));
  const wanted = [...training].flatMap((id) => [...(dataset.qrels.get(id) ?? [])]);
  return new Set(wanted.filter(([, grade]) => grade > 0).map(([itemId]) => itemId));
}
