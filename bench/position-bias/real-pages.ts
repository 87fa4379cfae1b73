import type { SessionWithEvents } from '@embedding-studio/contracts';
import { StudioError } from '@embedding-studio/contracts';
import { type Dataset, type DatasetSession, isValidation, trainSplit } from '../../apps/studio/src/datasets/index.ts';

const start = Date.UTC(2026, 0, 5);

export interface RealPages {
  train: SessionWithEvents[];
  /** What the curve was not fitted on, by split. */
  heldOut: Map<string, SessionWithEvents[]>;
}

/** One page of one person each; by the notes on the data their order was drawn at random. */
export function readRealPages(dataset: Dataset): RealPages {
  const { sessions, queries, name } = dataset;
  if (sessions === null) throw new StudioError('INPUT_INVALID', `${name} has no clicks of people.`, { field: 'data' });
  const splitOf = new Map(queries.map(({ id, split }) => [id, split]));
  const found: RealPages = { train: [], heldOut: new Map() };
  sessions.forEach((session, index) => {
    const split = splitOf.get(session.queryId) ?? '';
    const page = toSession(session, index);
    if (split === trainSplit) found.train.push(page);
    else found.heldOut.set(split, [...(found.heldOut.get(split) ?? []), page]);
  });
  return found;
}

export const isChosenOn = (split: string): boolean => isValidation(split);

function toSession({ sessionId, query, shown, clicked }: DatasetSession, index: number): SessionWithEvents {
  const createdAt = new Date(start + index * 60_000);
  return {
    ...{ sessionId, query, createdAt, isIrrelevant: false, batchId: 'bench', sessionNumber: index + 1 },
    shown: shown.map((itemId) => ({ itemId })),
    searchMeta: { order: 'random' },
    events: clicked.map((itemId, at) => ({
      ...{ sessionId, itemId, eventId: `click-${at + 1}`, type: 'click', createdAt, receivedAt: createdAt },
    })),
  };
}
