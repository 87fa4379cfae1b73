import type { FactsQuery, SessionFacts, TouchedItems } from '@embedding-studio/contracts';
import { type AnalyticsParts, toFacts } from './analytics-documents.ts';
import { behind, conditionsOf, type FactsPage, newestFirst } from './facts-conditions.ts';
import { findTouching } from './touch-rows.ts';

const idsAtOnce = 1_000;

type Parts = Pick<AnalyticsParts, 'facts' | 'touches'>;

function* pagesOf(ids: readonly string[]): Generator<string[]> {
  for (let start = 0; start < ids.length; start += idsAtOnce) yield ids.slice(start, start + idsAtOnce);
}

/** Lists of ids follow one another in time, so the first that fill the page are the newest. */
export async function listTouching(
  { facts, touches }: Parts,
  page: FactsPage,
  items: TouchedItems,
): Promise<SessionFacts[]> {
  const { from, after } = page;
  const until = after?.at ?? page.to;
  const conditions = { $and: [conditionsOf(page), behind(after)] };
  const found: SessionFacts[] = [];
  for await (const touching of findTouching(touches, { items, from, until }))
    for (const ids of pagesOf(touching)) {
      const filter = { _id: { $in: ids }, ...conditions };
      const limit = page.limit - found.length;
      const rows = await facts.find(filter).sort(newestFirst).limit(limit).batchSize(limit).toArray();
      found.push(...rows.map(toFacts));
      if (found.length >= page.limit) return found;
    }
  return found;
}

/** One by one, the newest `limit` of them. */
export async function countTouching(
  { facts, touches }: Parts,
  { query, items, limit }: { query: FactsQuery; items: TouchedItems; limit: number },
): Promise<{ counts: Map<string, number>; isAll: boolean }> {
  const conditions = conditionsOf(query);
  const counts = new Map<string, number>();
  let total = 0;
  for await (const touching of findTouching(touches, { items, from: query.from, until: query.to }))
    for (const ids of pagesOf(touching)) {
      const filter = { _id: { $in: ids }, ...conditions };
      const rows = facts.find(filter, { projection: { traitsKey: 1 } }).batchSize(idsAtOnce);
      for (const { traitsKey } of await rows.toArray()) {
        if (total++ >= limit) return { counts, isAll: false };
        counts.set(traitsKey, (counts.get(traitsKey) ?? 0) + 1);
      }
    }
  return { counts, isAll: true };
}
