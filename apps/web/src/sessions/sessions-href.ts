import type { EventGroup, SessionFlag } from '@embedding-studio/contracts';

export interface SessionsTarget {
  flags?: readonly SessionFlag[];
  events?: readonly EventGroup[];
  /** Sessions that showed or clicked one of them. */
  items?: readonly string[];
  query?: string;
  /** Only this query, not all that begin with it. */
  isWhole?: boolean;
  models?: readonly string[];
  collections?: readonly string[];
  /** As `SessionFacts.slices` names it. */
  slice?: string;
  user?: string;
  from?: Date;
  to?: Date;
  /** Opens at this one. */
  session?: string;
}

/** The page of sessions with a filter set, in the form that it keeps in its address. */
export function sessionsHref(target: SessionsTarget): string {
  const { flags, events, items, query, isWhole, user, slice, from, to, session } = target;
  const parameters = new URLSearchParams();
  for (const name of ['models', 'collections'] as const) {
    const ids = target[name] ?? [];
    if (ids.length > 0) parameters.set(name, ids.join(','));
  }
  if (flags && flags.length > 0) parameters.set('flags', flags.join(','));
  if (events && events.length > 0) parameters.set('events', events.join(','));
  if (items && items.length > 0) parameters.set('items', items.map((id) => id.replaceAll(',', '%2C')).join(','));
  if (query) parameters.set('q', query);
  if (query && isWhole) parameters.set('whole', 'true');
  if (slice) parameters.set('slice', slice);
  if (user) parameters.set('user', user);
  if (from) parameters.set('from', from.toISOString());
  if (to) parameters.set('to', to.toISOString());
  if (session) parameters.set('session', session);
  const text = parameters.toString();
  return text === '' ? '/sessions' : `/sessions?${text}`;
}
