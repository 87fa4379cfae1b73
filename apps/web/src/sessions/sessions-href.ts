import type { EventGroup, SessionFlag } from '@embedding-studio/contracts';

export interface SessionsTarget {
  flags?: readonly SessionFlag[];
  events?: readonly EventGroup[];
  /** Sessions that showed or clicked one of them. */
  items?: readonly string[];
  query?: string;
  user?: string;
  from?: Date;
  to?: Date;
  /** Opens at this one. */
  session?: string;
}

/** The page of sessions with a filter set, in the form that it keeps in its address. */
export function sessionsHref({ flags, events, items, query, user, from, to, session }: SessionsTarget): string {
  const parameters = new URLSearchParams();
  if (flags && flags.length > 0) parameters.set('flags', flags.join(','));
  if (events && events.length > 0) parameters.set('events', events.join(','));
  if (items && items.length > 0) parameters.set('items', items.map((id) => id.replaceAll(',', '%2C')).join(','));
  if (query) parameters.set('q', query);
  if (user) parameters.set('user', user);
  if (from) parameters.set('from', from.toISOString());
  if (to) parameters.set('to', to.toISOString());
  if (session) parameters.set('session', session);
  const text = parameters.toString();
  return text === '' ? '/sessions' : `/sessions?${text}`;
}
