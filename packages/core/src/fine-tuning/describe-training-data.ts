import type {
  SessionWithEvents,
  TrainingDataCard,
  TrainingQuery,
  TrainingSet,
  TrainingSetSummary,
} from '@embedding-studio/contracts';
import { normaliseQuery, weighClicks } from '@embedding-studio/ml/clicks';
import { groupQueries, type NearNames } from '../evaluation/group-queries.ts';
import type { SessionSplit } from '../evaluation/split-sessions.ts';
import type { Debias } from './choose-debias.ts';
import type { NamedQueries } from './near-queries.ts';

const weightEdges = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.5, 2, 5.01];

/** Counts what went in, what was left out and why, and that both sides share no query. */
export function describeTrainingData(made: {
  split: SessionSplit;
  trainingSet: TrainingSet;
  dropped: Record<string, number>;
  debias?: Debias;
  near?: NamedQueries;
  frozen?: Pick<TrainingSetSummary, 'effectivePairs'>;
}): TrainingDataCard {
  const { split, trainingSet, dropped, debias, near, frozen } = made;
  const { queries, itemTexts } = trainingSet;
  const heldOut = [...split.heldOut, ...split.heldOutUnseen];
  const seen = clickedItems(split.train);
  return {
    sessions: {
      total: split.train.length + heldOut.length,
      train: split.train.length,
      heldOut: split.heldOut.length,
      heldOutUnseen: split.heldOutUnseen.length,
    },
    dropped: Object.fromEntries(Object.entries(dropped).filter(([, count]) => count > 0)),
    queries: queries.length,
    distinctQueries: new Set(queries.map(({ text }) => normaliseQuery(text))).size,
    pairs: sum(queries.map(({ clicked }) => clicked.length)),
    contrasts: sum(queries.map(({ clicked, skipped }) => clicked.length * skipped.length)),
    items: {
      seen: seen.size,
      unseen: [...clickedItems(heldOut)].filter((itemId) => !seen.has(itemId)).length,
      withText: Object.keys(itemTexts).length,
    },
    weights: countWeights(queries),
    ...(frozen && { effectivePairs: frozen.effectivePairs }),
    overlap: countOverlap({ train: split.train, heldOut, near: split.near }),
    ...(near && { nearQueries: near.card }),
    ...(debias && {
      positionBias: { curve: debias.curve, isApplied: debias.isApplied, reason: debias.reason },
    }),
  };
}

/** Held-out queries that training asks too, in this or nearly this spelling or sense. */
function countOverlap(sides: {
  train: readonly SessionWithEvents[];
  heldOut: readonly SessionWithEvents[];
  near: NearNames | undefined;
}): number {
  const queriesOf = (sessions: readonly SessionWithEvents[]) => [
    ...new Set(sessions.map(({ query }) => normaliseQuery(query))),
  ];
  const [trained, asked] = [queriesOf(sides.train), queriesOf(sides.heldOut)];
  const groups = groupQueries([...trained, ...asked], sides.near);
  const trainedGroups = new Set(groups.slice(0, trained.length));
  return groups.slice(trained.length).filter((group) => trainedGroups.has(group)).length;
}

function clickedItems(sessions: readonly SessionWithEvents[]): Set<string> {
  return new Set(sessions.flatMap((session) => [...weighClicks(session).keys()]));
}

function countWeights(queries: readonly TrainingQuery[]): TrainingDataCard['weights'] {
  const weights = queries.flatMap(({ clicked }) => clicked.map(({ weight }) => weight));
  return weightEdges.slice(0, -1).map((from, at) => {
    const to = weightEdges[at + 1] ?? Number.POSITIVE_INFINITY;
    return { from, to: Math.min(to, 5), count: weights.filter((weight) => weight >= from && weight < to).length };
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
