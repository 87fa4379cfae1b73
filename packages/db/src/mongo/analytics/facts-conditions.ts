import type { AnalyticsStore, FactsQuery } from '@embedding-studio/contracts';
import type { Filter } from 'mongodb';
import type { FactsDocument } from './analytics-documents.ts';

export type FactsPage = Parameters<AnalyticsStore['listFacts']>[0];

export const newestFirst = { at: -1, _id: -1 } as const;

/** The items aside: they are looked up first. */
export function conditionsOf(asked: FactsQuery): Filter<FactsDocument> {
  const { traitsKeys, from, to, userId, queryPrefix, isWholeQuery = false, slice = null } = asked;
  const at = { ...(from === null ? {} : { $gte: from }), ...(to === null ? {} : { $lt: to }) };
  return {
    ...(Object.keys(at).length === 0 ? {} : { at }),
    ...(userId === null ? {} : { userId }),
    ...(queryPrefix === null ? {} : { query: isWholeQuery ? queryPrefix : startingWith(queryPrefix) }),
    ...(slice === null ? {} : { slices: slice }),
    ...(traitsKeys === null ? {} : { traitsKey: { $in: [...traitsKeys] } }),
  };
}

function startingWith(prefix: string) {
  return { $gte: prefix, $lt: `${prefix}\uffff` };
}

export function behind(after: FactsPage['after']): Filter<FactsDocument> {
  if (after === null) return {};
  const { at, sessionId } = after;
  return { $and: [{ at: { $lte: at } }, { $or: [{ at: { $lt: at } }, { at, _id: { $lt: sessionId } }] }] };
}
