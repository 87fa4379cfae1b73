import type { JudgedQuery, SessionWithEvents } from '@embedding-studio/contracts';
import { weighClicks } from '@embedding-studio/ml/clicks';

const headShare = 0.2;

export interface ClickedItems {
  /** Items that training sessions click. */
  seen: Set<string>;
  /** The most clicked fifth of them. */
  head: Set<string>;
}

export function rankClickedItems(trainSessions: readonly SessionWithEvents[]): ClickedItems {
  const clicks = new Map<string, number>();
  for (const session of trainSessions)
    for (const itemId of weighClicks(session).keys()) clicks.set(itemId, (clicks.get(itemId) ?? 0) + 1);
  const ordered = [...clicks].sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1));
  const head = ordered.slice(0, Math.ceil(ordered.length * headShare)).map(([itemId]) => itemId);
  return { seen: new Set(clicks.keys()), head: new Set(head) };
}

/** `head`: wants one of the most clicked items; `tail`: wants others. With it, whether all it wants is unseen. */
export function segmentQuery(judged: JudgedQuery, items: ClickedItems): { isUnseen: boolean; segments: string[] } {
  const wanted = Object.keys(judged.relevant);
  const isHead = wanted.some((itemId) => items.head.has(itemId));
  return { isUnseen: wanted.every((itemId) => !items.seen.has(itemId)), segments: [isHead ? 'head' : 'tail'] };
}
