import type { Reply } from './balancer.ts';

export type RequestKind = 'search' | 'click' | 'upsert';

/** What happened to the requests that were sent while one part was away or coming back. */
export interface Window {
  name: string;
  requests: number;
  searches: number;
  searchesFailed: number;
  /** By status and error code; `none`: no gateway could be reached. */
  failures: Record<string, number>;
  /** Clicks and upserts that were refused; their senders sent them again. */
  writesRefused: number;
  /** Searches by what they went without. */
  degraded: Record<string, number>;
  slowestMs: number;
  /** Seconds from the restart until everything worked again. */
  backAfter: number | null;
}

export interface Acknowledged {
  /** Name of the window in which it was acknowledged. */
  window: string;
}
export interface AcknowledgedClick extends Acknowledged {
  sessionId: string;
  eventId: string;
}
export interface AcknowledgedItem extends Acknowledged {
  id: string;
  taskId: string;
  /** In no other item. */
  word: string;
}

/** What the oracle remembers: what was answered, and in which window. */
export interface Tally {
  windows: Window[];
  clicks: AcknowledgedClick[];
  items: AcknowledgedItem[];
  current(): Window;
  open(name: string): Window;
  count(kind: RequestKind, reply: Reply): void;
}

export function createTally(): Tally {
  const windows: Window[] = [];
  const open = (name: string): Window => {
    const window: Window = {
      ...{ name, requests: 0, searches: 0, searchesFailed: 0, writesRefused: 0 },
      ...{ failures: {}, degraded: {}, slowestMs: 0, backAfter: null },
    };
    windows.push(window);
    return window;
  };
  const current = (): Window => windows.at(-1) ?? open('before');
  return {
    ...{ windows, clicks: [], items: [], open, current },
    count(kind, { status, body, tookMs }) {
      const window = current();
      window.requests++;
      window.slowestMs = Math.max(window.slowestMs, tookMs);
      const isAnswered = status === 200;
      const why = status === null ? 'none' : `${status} ${body.code}`;
      if (!isAnswered) window.failures[why] = (window.failures[why] ?? 0) + 1;
      if (kind !== 'search') {
        if (!isAnswered) window.writesRefused++;
        return;
      }
      window.searches++;
      if (!isAnswered) window.searchesFailed++;
      for (const word of (body.degraded ?? []) as string[]) window.degraded[word] = (window.degraded[word] ?? 0) + 1;
    },
  };
}
