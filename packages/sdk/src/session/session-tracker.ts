import { createEventSender, type EventSender } from './event-sender.ts';
import { page } from './page.ts';
import { watchSeen } from './watch-seen.ts';

export interface SessionTrackerOptions {
  /** Base URL of the gateway. */
  url: string;
  /** A key with scope `clickstream`, and no other where it is part of a page. */
  apiKey: string;
  /** Of the search whose list is shown: `sessionId` of its answer, or a new one that `show` registers. */
  sessionId: string;
  /** Events are sent together, at the latest after this long. Default 2 seconds. */
  flushAfterMs?: number;
  /** For tests. */
  now?: () => Date;
}

export interface TrackedEvent {
  itemId: string;
  /** `click`, `dwell`, `add_to_cart`, `seen`, …; see docs/api.md. */
  type: string;
  /** Place in the rendered list, from 1; taken from `show` when left out. */
  position?: number;
  /** Seconds that the user stayed. */
  dwellSeconds?: number;
  meta?: Record<string, unknown>;
}

export interface ShownList {
  query: string;
  /** As rendered, top first. */
  itemIds: readonly string[];
  userId?: string;
}

export interface SessionTracker {
  readonly sessionId: string;
  /** Remembers where each item stands. With `query` it also registers the session; a search with `createSession` has. */
  show(list: Omit<ShownList, 'query'> & { query?: string }): Promise<void>;
  /** Says once per item that the user has seen it. */
  seen(itemId: string): void;
  /** Calls `seen` when half of the DOM element has been in view for a second. Returns what ends the watch; no-op outside of browsers. */
  observe(element: object, itemId: string): () => void;
  /** Leaves at once and outlives the page, so that a link may be followed. */
  click(itemId: string, event?: Omit<TrackedEvent, 'itemId' | 'type'>): void;
  track(event: TrackedEvent): void;
  /** Sends what waits; rejects if the gateway could not be reached, the events wait on. */
  flush(): Promise<void>;
  /** Flushes and lets go of the page. */
  close(): Promise<void>;
}

/** Positions, impressions and clicks of one shown list. */
export function trackSession(options: SessionTrackerOptions): SessionTracker {
  const { sessionId, now = () => new Date() } = options;
  const sender = createEventSender(options);
  const positions = new Map<string, number>();
  const seenItems = new Set<string>();
  const stops = new Set<() => void>();
  const leave = onLeave(() => sender.beacon());
  const eventOf = ({ itemId, type, position = positions.get(itemId), dwellSeconds, meta }: TrackedEvent) => ({
    ...{ session_id: sessionId, event_id: globalThis.crypto.randomUUID(), object_id: itemId, event_type: type },
    created_at: Math.floor(now().getTime() / 1_000),
    ...(position !== undefined && { position }),
    ...(dwellSeconds !== undefined && { dwell_time: dwellSeconds }),
    ...(meta !== undefined && { meta }),
  });
  const tracker: SessionTracker = {
    sessionId,
    async show({ query, itemIds, userId }) {
      itemIds.forEach((itemId, index) => void positions.set(itemId, index + 1));
      if (query !== undefined) await register(sender, { sessionId, query, itemIds, userId });
    },
    seen(itemId) {
      if (seenItems.has(itemId)) return;
      seenItems.add(itemId);
      tracker.track({ itemId, type: 'seen' });
    },
    observe(element, itemId) {
      const stop = watchSeen(element, () => tracker.seen(itemId));
      stops.add(stop);
      return stop;
    },
    click(itemId, event = {}) {
      sender.add(eventOf({ ...event, itemId, type: 'click' }));
      sender.beacon();
    },
    track: (event) => sender.add(eventOf(event)),
    flush: () => sender.flush(),
    async close() {
      leave();
      for (const stop of stops) stop();
      await sender.flush();
    },
  };
  return tracker;
}

function register(sender: EventSender, session: ShownList & { sessionId: string }): Promise<void> {
  const { sessionId, query, itemIds, userId } = session;
  return sender.post('/clickstream/session', {
    session_id: sessionId,
    search_query: query,
    search_results: itemIds.map((itemId, index) => ({ object_id: itemId, position: index + 1 })),
    ...(userId !== undefined && { user_id: userId }),
  });
}

/** `pagehide` alone is not sent by every mobile browser when a page goes to the background for good. */
function onLeave(send: () => void): () => void {
  const { document } = page;
  if (document === undefined) return () => undefined;
  const onHidden = () => {
    if (document.visibilityState === 'hidden') send();
  };
  page.addEventListener?.('pagehide', send);
  document.addEventListener('visibilitychange', onHidden);
  return () => {
    page.removeEventListener?.('pagehide', send);
    document.removeEventListener('visibilitychange', onHidden);
  };
}
