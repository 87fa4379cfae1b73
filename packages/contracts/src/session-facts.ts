import type { ExclusionReason } from './exclusion.ts';
import type { SessionExperiment } from './experiment.ts';

/** What users did with a list. `click`, `engaged`, `converted`: wanting events of weight 1–2, 3–4 and 5. */
export const eventGroups = ['seen', 'click', 'engaged', 'converted', 'rejected', 'other'] as const;
export type EventGroup = (typeof eventGroups)[number];

/**
 * What can be said of a session as a whole. `counted`: a search of a person, as metrics count them: no keystroke, no
 * robot, not erased. `keystroke`: the same user went on typing within 10 s. `answered`: at least one result was shown.
 * `satisfied`: a click stayed 30 s or more, or led to an engaged or converted event. `dwelt`: dwell times were sent.
 * `reformulated`: the same user asked otherwise within 60 s. `instantAnswer`: the application said that the list itself
 * answered, see `isInstantAnswer`. `abandoned`: answered, no click, not reformulated, no instant answer. `identified`:
 * it is known who asked.
 */
export const sessionFlags = [
  'counted',
  'keystroke',
  'answered',
  'zeroResult',
  'clicked',
  'noClick',
  'satisfied',
  'dwelt',
  'converted',
  'reformulated',
  'abandoned',
  'irrelevant',
  'instantAnswer',
  'identified',
] as const;
export type SessionFlag = (typeof sessionFlags)[number];

/** All that sessions are filtered and counted by. Few combinations occur, so counts are kept for each of them. */
export interface SessionTraits {
  /** null: the list was not made by our own search. */
  collectionId: string | null;
  modelId: string | null;
  /** In the order of `eventGroups`. */
  events: EventGroup[];
  /** In the order of `sessionFlags`. */
  flags: SessionFlag[];
  /** In the order of `exclusionReasons`. */
  exclusions: ExclusionReason[];
}

/**
 * What sessions are counted by beside their traits, where they say so: the arms of experiments, `device`, `surface` and
 * `category` of `searchMeta`, and `answer:words` for lists that were made by words only.
 */
export const sliceDimensions = ['arm', 'device', 'surface', 'category', 'answer'] as const;
export type SliceDimension = (typeof sliceDimensions)[number];

/** So many items a filter of sessions may name. */
export const filteredItemsMax = 500;

/** A session in figures, made from the session, its events and what its user asked next. */
export interface SessionFacts {
  sessionId: string;
  /** When it was asked. */
  at: Date;
  /** As typed, at most 300 characters. */
  text: string;
  /** Normalised: case, punctuation and spacing aside. */
  query: string;
  userId: string | null;
  /** Names the traits. */
  traitsKey: string;
  shown: number;
  eventCount: number;
  clicks: number;
  /** Place of the first click in time, from 1; null without a click whose place is known. */
  firstPosition: number | null;
  /** Smallest place of a click. */
  bestPosition: number | null;
  /** Over the clicks whose place is known. */
  positionSum: number;
  positioned: number;
  /** Longest stay; null when none was sent. */
  dwellSeconds: number | null;
  /** The first 1,000 of the list, top first. */
  shownIds: string[];
  /** Without repeats; also what was clicked beside the list. */
  clickedIds: string[];
  /** That made its list; none: empty. */
  experiments: FactsExperiment[];
  /** From the search to the first click that satisfied; null without one. At most 30 minutes. */
  satisfiedMs: number | null;
  /** Sorted: `device:phone`, `arm:EXPERIMENT/ARM`, see `sliceDimensions`. */
  slices: string[];
  /** How long the search took; null when it was not ours. */
  tookMs: number | null;
  /** Place in the order in which facts were written: larger is later. */
  sequence: number;
}

/** Of an interleaved list also where wanting events happened (place from 1) and how satisfying they were (0 … 5). */
export interface FactsExperiment extends SessionExperiment {
  clicks?: { position: number; weight: number }[];
}

/** All but the items, which are long. */
export type PlainFacts = Omit<SessionFacts, 'shownIds' | 'clickedIds'>;

export interface TouchedItems {
  itemIds: readonly string[];
  /** `shown`: in the list or clicked. `clicked`: clicked. */
  touch: 'shown' | 'clicked';
}

/** Whether the session touched at least one of the items. */
export function hasTouched(
  { shownIds, clickedIds }: Pick<SessionFacts, 'shownIds' | 'clickedIds'>,
  { itemIds, touch }: TouchedItems,
): boolean {
  const wanted = new Set(itemIds);
  const isWanted = (itemId: string) => wanted.has(itemId);
  return clickedIds.some(isWanted) || (touch === 'shown' && shownIds.some(isWanted));
}
