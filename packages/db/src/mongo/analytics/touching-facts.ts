import type { FactsQuery, SessionFacts, TouchedItems } from '@embedding-studio/contracts';
import { type AnalyticsParts, toFacts } from './analytics-documents.ts';
import { behind, conditionsOf, type FactsPage, newestFirst } from './facts-conditions.ts';
import { findCut, findTouching, type Touching } from './touch-rows.ts';

const idsAtOnce = 1_000;

type Parts = Pick<AnalyticsParts, 'facts' | 'touches'>;

/** Ids of those that have the traits which are asked for. */
function* pagesOf(touching: readonly Touching[], { traitsKeys }: FactsQuery): Generator<string[]> {
  const wanted = traitsKeys === null ? null : new Set(traitsKeys);
  const ids = touching.flatMap(({ sessionId, traitsKey }) =>
    wanted === null || wanted.has(traitsKey) ? sessionId : [],
  );
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
    for (const ids of pagesOf(touching, page)) {
      const filter = { _id: { $in: ids }, ...conditions };
      const limit = page.limit - found.length;
      const rows = await facts.find(filter).sort(newestFirst).limit(limit).batchSize(limit).toArray();
      found.push(...rows.map(toFacts));
      if (found.length >= page.limit) return found;
    }
  return found;
}

/** One by one, the newest of them. Hours are whole, so that traits alone need no look at the sessions. */
export async function countTouching(
  { facts, touches }: Parts,
  asked: { query: FactsQuery; items: TouchedItems; limit: { sessions: number; hours: number } },
): Promise<{ counts: Map<string, number>; isAll: boolean }> {
  const { query, items, limit } = asked;
  const conditions = conditionsOf(query);
  const range = { items, from: query.from, until: lastHour(query.to) };
  const cut = await findCut(touches, range, limit.hours);
  const isPlain = query.userId === null && query.queryPrefix === null && (query.slice ?? null) === null;
  const counts = new Map<string, number>();
  let total = 0;
  for await (const touching of findTouching(touches, { ...range, from: cut ?? range.from }))
    for (const ids of isPlain ? [null] : pagesOf(touching, query)) {
      const rows =
        ids === null
          ? touching
          : await facts
              .find({ _id: { $in: ids }, ...conditions }, { projection: { traitsKey: 1 } })
              .batchSize(idsAtOnce)
              .toArray();
      for (const { traitsKey } of rows) {
        if (total++ >= limit.sessions) return { counts, isAll: false };
        counts.set(traitsKey, (counts.get(traitsKey) ?? 0) + 1);
      }
    }
  return { counts, isAll: cut === null };
}

/** `to` itself is not included. */
function lastHour(to: Date | null): Date | null {
  return to === null ? null : new Date(to.getTime() - 1);
}
