import type { EventGroup, SessionBatch, SessionTraits, SessionWithEvents } from '@embedding-studio/contracts';
import { type DropReason, findFlaw, orderShown } from '@embedding-studio/ml/clicks';
import { authorise } from '../authorise.ts';
import type { Ctx } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { SessionIdInput } from '../session/get-session.ts';
import { findContinuations } from './continuations.ts';
import { queryOf } from './session-facts.ts';
import { type Continuation, describeTraits, groupOf, isClick } from './session-traits.ts';

const shownMax = 100;
const eventsMax = 300;
const aroundMs = 10 * 60_000;
const aroundMax = 30;
const titleCharsMax = 200;

export interface ShownItem {
  itemId: string;
  /** null: the item is not there any more. */
  title: string | null;
  /** From 1. */
  position: number;
  clicks: number;
  /** Longest stay; null when none was sent. */
  dwellSeconds: number | null;
}

export interface TimelineEvent {
  eventId: string;
  itemId: string;
  title: string | null;
  type: string;
  group: EventGroup;
  position: number | null;
  dwellSeconds: number | null;
  at: Date;
}

/** Another search of the same user, within ten minutes. */
export interface NearbySearch {
  sessionId: string;
  text: string;
  at: Date;
  clicks: number;
  /** What the search after it makes of it. */
  continuation: Continuation;
}

export interface SessionTimeline {
  sessionId: string;
  query: string;
  at: Date;
  userId: string | null;
  isIrrelevant: boolean;
  tookMs: number | null;
  traits: SessionTraits;
  batch: { batchId: string; number: number; status: SessionBatch['status'] };
  /** The first hundred; `shownCount` says how many there were. */
  shown: ShownItem[];
  shownCount: number;
  /** Oldest first, at most 300. */
  events: TimelineEvent[];
  eventCount: number;
  /** Oldest first, this one among them. */
  nearby: NearbySearch[];
  /** Why nothing would be learned from it; null when it is good evidence. */
  dropped: DropReason | null;
}

/** One session as it happened, with what stands around it and what will be learned from it. */
export async function getSessionTimeline({
  ctx,
  input,
}: {
  ctx: Ctx;
  input: SessionIdInput;
}): Promise<SessionTimeline> {
  authorise(ctx, 'session.read');
  const { sessionId } = parseInput(SessionIdInput, input);
  const session = await ctx.deps.sessions.getSession(sessionId);
  const [batch, nearby, titles] = await Promise.all([
    ctx.deps.sessions.getBatch(session.batchId),
    findNearby(ctx, session),
    findTitles(ctx, session),
  ]);
  const continuation = nearby.find((other) => other.sessionId === sessionId)?.continuation ?? null;
  const { tookMs } = session.searchMeta ?? {};
  return {
    ...{ sessionId, query: session.query, at: session.createdAt, userId: session.userId ?? null },
    ...{ isIrrelevant: session.isIrrelevant, tookMs: typeof tookMs === 'number' ? tookMs : null },
    traits: describeTraits(session, continuation),
    batch: { batchId: batch.batchId, number: session.sessionNumber, status: batch.status },
    ...{ shown: describeShown(session, titles), shownCount: session.shown.length },
    ...{ events: describeEvents(session, titles), eventCount: session.events.length },
    ...{ nearby, dropped: findFlaw(session) },
  };
}

async function findTitles(ctx: Ctx, session: SessionWithEvents): Promise<Map<string, string>> {
  const shown = orderShown(session.shown).slice(0, shownMax);
  const touched = session.events.slice(0, eventsMax).map(({ itemId }) => itemId);
  const items = await ctx.deps.items.findHits([...new Set([...shown, ...touched])]);
  return new Map(items.map(({ id, title }) => [id, title.slice(0, titleCharsMax)]));
}

function describeShown(session: SessionWithEvents, titles: ReadonlyMap<string, string>): ShownItem[] {
  return orderShown(session.shown)
    .slice(0, shownMax)
    .map((itemId, at) => {
      const own = session.events.filter((event) => event.itemId === itemId);
      const stays = own.flatMap(({ dwellSeconds }) => dwellSeconds ?? []);
      return {
        ...{ itemId, title: titles.get(itemId) ?? null, position: at + 1, clicks: own.filter(isClick).length },
        dwellSeconds: stays.length === 0 ? null : Math.max(...stays),
      };
    });
}

function describeEvents(session: SessionWithEvents, titles: ReadonlyMap<string, string>): TimelineEvent[] {
  const places = new Map(orderShown(session.shown).map((itemId, at) => [itemId, at + 1]));
  return session.events.slice(0, eventsMax).map((event) => ({
    ...{ eventId: event.eventId, itemId: event.itemId, title: titles.get(event.itemId) ?? null, type: event.type },
    ...{ group: groupOf(event.type), at: event.createdAt, dwellSeconds: event.dwellSeconds ?? null },
    position: event.position ?? places.get(event.itemId) ?? null,
  }));
}

async function findNearby(ctx: Ctx, session: SessionWithEvents): Promise<NearbySearch[]> {
  const { sessionId, userId, createdAt, query } = session;
  const itself = { sessionId, at: createdAt, query: queryOf(query) };
  const own = { sessionId, text: query, at: createdAt, clicks: session.events.filter(isClick).length };
  if (userId === undefined) return [{ ...own, continuation: null }];
  const [from, to] = [new Date(createdAt.getTime() - aroundMs), new Date(createdAt.getTime() + aroundMs)];
  const found = await ctx.deps.analytics.findFactsOfUsers([{ userId, from, to }]);
  const others = found.filter((facts) => facts.sessionId !== sessionId);
  const continuations = findContinuations([itself, ...others]);
  return [own, ...others]
    .map(({ sessionId: id, text, at, clicks }) => ({
      ...{ sessionId: id, text, at, clicks, continuation: continuations.get(id) ?? null },
    }))
    .sort(
      (left, right) =>
        Math.abs(left.at.getTime() - createdAt.getTime()) - Math.abs(right.at.getTime() - createdAt.getTime()),
    )
    .slice(0, aroundMax)
    .sort((left, right) => left.at.getTime() - right.at.getTime());
}
