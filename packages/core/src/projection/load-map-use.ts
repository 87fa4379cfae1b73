import type { SessionWithEvents } from '@embedding-studio/contracts';
import { loadLatestSessions } from '../category/load-category-clicks.ts';
import type { Ctx } from '../context.ts';

const queriesMax = 500;

export interface MapUse {
  shown: Map<string, number>;
  clicks: Map<string, number>;
  /** Most frequent of the latest sessions. */
  queries: { text: string; count: number }[];
}

/** What the latest sessions say: how often items were shown and clicked, and what was asked for. */
export async function loadMapUse(ctx: Ctx): Promise<MapUse> {
  const use: MapUse = { shown: new Map(), clicks: new Map(), queries: [] };
  const queries = new Map<string, number>();
  for (const session of await loadLatestSessions(ctx)) {
    add(queries, session.query.trim());
    countItems(session, use);
  }
  queries.delete('');
  const ordered = [...queries].sort(([a, left], [b, right]) => right - left || a.localeCompare(b));
  use.queries = ordered.slice(0, queriesMax).map(([text, count]) => ({ text, count }));
  return use;
}

function countItems({ shown, events }: SessionWithEvents, use: MapUse): void {
  for (const itemId of new Set(shown.map((one) => one.itemId))) add(use.shown, itemId);
  const clicked = events.filter(({ type }) => type === 'click').map(({ itemId }) => itemId);
  for (const itemId of new Set(clicked)) add(use.clicks, itemId);
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
