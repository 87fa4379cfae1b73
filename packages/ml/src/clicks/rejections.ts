import type { SessionWithEvents } from '@embedding-studio/contracts';
import { normaliseQuery } from './normalise-query.ts';
import { isRejection } from './session-hygiene.ts';
import { orderShown } from './shown-order.ts';

/** How far down a list is taken for looked at by somebody who says that nothing in it answers. */
const lookedAtMax = 10;

/** Normalised query → items that users who asked it said no to, by marking the whole list as irrelevant. */
export function findRejections(sessions: readonly SessionWithEvents[]): Map<string, Set<string>> {
  const rejections = new Map<string, Set<string>>();
  for (const session of sessions) {
    if (!isRejection(session)) continue;
    const key = normaliseQuery(session.query);
    const items = rejections.get(key) ?? new Set();
    for (const itemId of orderShown(session.shown).slice(0, lookedAtMax)) items.add(itemId);
    rejections.set(key, items);
  }
  return rejections;
}
