import type { SessionWithEvents } from '@embedding-studio/contracts';
import { orderShown } from './shown-order.ts';

/**
 * itemId → place in the whole list, from 1: the position that was stored, else the order as listed, counted on from
 * `searchMeta.offset` on later pages.
 */
export function rankShown({ shown, searchMeta }: Pick<SessionWithEvents, 'shown' | 'searchMeta'>): Map<string, number> {
  const isPlaced = shown.every(({ position }) => position !== undefined);
  const ranks = new Map<string, number>();
  if (isPlaced) {
    for (const { itemId, position = 1 } of shown) ranks.set(itemId, Math.min(position, ranks.get(itemId) ?? position));
    return ranks;
  }
  const { offset } = searchMeta ?? {};
  const before = typeof offset === 'number' && Number.isInteger(offset) && offset > 0 ? offset : 0;
  orderShown(shown).forEach((itemId, index) => {
    ranks.set(itemId, before + index + 1);
  });
  return ranks;
}
