import type { ItemRecord, JudgedQuery, SessionWithEvents, TrainingSet } from '@embedding-studio/contracts';
import { composeItem } from '@embedding-studio/core';
import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import { contrastive } from '@embedding-studio/plugins/methods';
import {
  type Dataset,
  type DatasetQuery,
  isValidation,
  judgeQueries,
  listTestSplits,
  type NamedSplit,
  trainSplit,
} from '../../apps/studio/src/datasets/index.ts';
import { chooseParts } from '../../apps/studio/src/eval/choose-parts.ts';
import { chooseDebias } from '../../packages/core/src/fine-tuning/choose-debias.ts';
import { readRealPages } from '../position-bias/real-pages.ts';

export interface AblationData {
  name: string;
  /** What is encoded and ranked. */
  items: ItemRecord[];
  /** Fusion is fitted and mixes are chosen here. */
  validation: JudgedQuery[];
  splits: NamedSplit[];
  trainingSet(options: { debias: 'auto' | 'off' }): TrainingSet;
}

/** Words of the whole catalogue: long texts are cut the more, the more items there are. */
const wordsMax = 250_000;
/** As much as a short training reads. */
const partWords = 32;
/** A minute and a half of a six-layer encoder on two cores. */
const itemsMax = 5_000;
const heldOutShare = 0.15;

/** Items as they are embedded, queries by split (at most `queriesMax` each) and examples of the training split alone. */
export function readAblationData(dataset: Dataset, given: { queriesMax: number; seed: number }): AblationData {
  const { partWordsMax } = chooseParts(dataset.items, wordsMax);
  const partsOf = { partWordsMax: Math.min(partWordsMax, partWords), partsMax: 1 };
  const all = dataset.items.map((item) => composeItem(item, partsOf));
  const { training, validation } = splitQueries(dataset, given.seed);
  const sample = (queries: readonly JudgedQuery[]) =>
    shuffle([...queries], createRandom(given.seed)).slice(0, given.queriesMax);
  const asked = sample(judgeQueries(dataset, validation));
  const splits = listTestSplits(dataset).map(({ name, queries }) => ({ name, queries: sample(queries) }));
  const heldOut = [...asked, ...splits.flatMap(({ queries }) => queries)];
  const taught = judgeQueries(dataset, training);
  return {
    ...{ name: dataset.name, validation: asked, splits },
    items: chooseItems(all, { first: wantedBy(heldOut), next: wantedBy(taught), seed: given.seed }),
    trainingSet: ({ debias }) => {
      const sessions = dataset.sessions === null ? null : trainingSessions(dataset, training);
      const set = sessions ? fromSessions(sessions, debias) : fromJudgements(dataset, training);
      return { ...set, itemTexts: Object.fromEntries(all.map(({ id, parts, title }) => [id, parts[0] ?? title])) };
    },
  };
}

/** What held-out queries want, then what training clicked, then others, in random order, up to a number. */
function chooseItems(
  all: readonly ItemRecord[],
  { first, next, seed }: { first: ReadonlySet<string>; next: ReadonlySet<string>; seed: number },
): ItemRecord[] {
  const order = shuffle([...all], createRandom(seed));
  const rankOf = ({ id }: ItemRecord) => (first.has(id) ? 0 : next.has(id) ? 1 : 2);
  return order.sort((left, right) => rankOf(left) - rankOf(right)).slice(0, itemsMax);
}

const wantedBy = (queries: readonly JudgedQuery[]): Set<string> =>
  new Set(queries.flatMap(({ relevant }) => Object.keys(relevant)));

/** A folder without validation queries gives up some of its training queries. */
function splitQueries({ queries }: Dataset, seed: number): { training: DatasetQuery[]; validation: DatasetQuery[] } {
  const training = queries.filter(({ split }) => split === trainSplit);
  const validation = queries.filter(({ split }) => isValidation(split));
  if (validation.length > 0) return { training, validation };
  const order = shuffle(training, createRandom(seed));
  const count = Math.round(order.length * heldOutShare);
  return { training: order.slice(count), validation: order.slice(0, count) };
}

function trainingSessions(dataset: Dataset, training: readonly DatasetQuery[]): SessionWithEvents[] {
  const wanted = new Set(training.map(({ id }) => id));
  const ids = new Set((dataset.sessions ?? []).flatMap((one) => (wanted.has(one.queryId) ? [one.sessionId] : [])));
  return readRealPages(dataset).train.filter(({ sessionId }) => ids.has(sessionId));
}

function fromSessions(sessions: readonly SessionWithEvents[], setting: 'auto' | 'off'): Pick<TrainingSet, 'queries'> {
  const { options } = chooseDebias(sessions, setting);
  return { queries: contrastive.selectExamples(sessions, options).queries };
}

/** Judged items stand for clicks: the better, the heavier. */
function fromJudgements(dataset: Dataset, training: readonly DatasetQuery[]): Pick<TrainingSet, 'queries'> {
  const queries = training.flatMap(({ id, text }) => {
    const grades = [...(dataset.qrels.get(id) ?? [])];
    const clicked = grades.flatMap(([itemId, grade]) => (grade > 0 ? [{ itemId, weight: grade }] : []));
    const skipped = grades.flatMap(([itemId, grade]) => (grade > 0 ? [] : [itemId]));
    return clicked.length === 0 ? [] : [{ queryId: id, text, clicked, skipped }];
  });
  return { queries };
}
