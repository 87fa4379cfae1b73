import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { trackSession } from '../src/index.ts';

interface Arrival {
  path: string;
  authorization: string | undefined;
  body: { api_key?: string; events?: Record<string, unknown>[] } & Record<string, unknown>;
}

let server: Server;
let url = '';
let arrivals: Arrival[] = [];
let status = 200;

beforeEach(async () => {
  arrivals = [];
  status = 200;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Arrival['body'];
    arrivals.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterEach(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

const open = (flushAfterMs = 60_000) => trackSession({ url, apiKey: 'es_page', sessionId: 's-1', flushAfterMs });
const eventsOf = () => arrivals.flatMap(({ body }) => body.events ?? []);
async function until(isMet: () => boolean): Promise<void> {
  while (!isMet()) await sleep(5);
}

describe('a tracked session outside of a browser', () => {
  it('registers its list with positions, and events carry them', async () => {
    const tracker = open();
    await tracker.show({ query: 'red boots', itemIds: ['a', 'b'], userId: 'u' });
    expect(arrivals[0]).toMatchObject({
      path: '/api/v1/clickstream/session',
      authorization: 'Bearer es_page',
      body: {
        ...{ session_id: 's-1', search_query: 'red boots', user_id: 'u' },
        search_results: [
          { object_id: 'a', position: 1 },
          { object_id: 'b', position: 2 },
        ],
      },
    });
    tracker.track({ itemId: 'b', type: 'dwell', dwellSeconds: 12, meta: { at: 'top' } });
    await tracker.close();
    expect(arrivals[1]).toMatchObject({
      path: '/api/v1/clickstream/events/batch',
      body: {
        events: [
          { session_id: 's-1', object_id: 'b', event_type: 'dwell', position: 2, dwell_time: 12, meta: { at: 'top' } },
        ],
      },
    });
  });

  it('sends events together, and what is seen once', async () => {
    const tracker = open(30);
    for (const itemId of ['a', 'b', 'a']) tracker.seen(itemId);
    await until(() => arrivals.length > 0);
    expect(arrivals).toHaveLength(1);
    expect(eventsOf().map(({ object_id, event_type }) => [object_id, event_type])).toEqual([
      ['a', 'seen'],
      ['b', 'seen'],
    ]);
    expect(new Set(eventsOf().map(({ event_id }) => event_id)).size).toBe(2);
  });

  it('keeps events while the gateway is away, under their ids', async () => {
    const tracker = open();
    status = 503;
    tracker.track({ itemId: 'a', type: 'save' });
    await expect(tracker.flush()).rejects.toThrow(/503/);
    status = 200;
    await tracker.flush();
    const [first, second] = eventsOf();
    expect(second).toEqual(first);
    await tracker.flush();
    expect(arrivals).toHaveLength(2);
  });

  it('gives up what the gateway refuses for good', async () => {
    const tracker = open();
    status = 422;
    tracker.track({ itemId: 'a', type: 'save' });
    await expect(tracker.flush()).rejects.toThrow(/422/);
    status = 200;
    await tracker.flush();
    expect(arrivals).toHaveLength(1);
  });

  it('sends clicks at once by a request that outlives the page', async () => {
    const tracker = open();
    tracker.click('a', { position: 3 });
    await until(() => arrivals.length > 0);
    expect(eventsOf()).toMatchObject([{ object_id: 'a', event_type: 'click', position: 3 }]);
    await tracker.close();
  });
});

/** The parts of a browser that the tracker speaks to. */
function stubBrowser(acceptsBeacons = true) {
  const beacons: { url: string; body: Arrival['body'] }[] = [];
  const listeners = new Map<string, () => void>();
  const listen = (type: string, listener: () => void) => void listeners.set(type, listener);
  const forget = (type: string) => void listeners.delete(type);
  const observers: { change(isIntersecting: boolean): void; isDone: boolean }[] = [];
  const document = { visibilityState: 'visible', addEventListener: listen, removeEventListener: forget };
  vi.stubGlobal('document', document);
  vi.stubGlobal('addEventListener', listen);
  vi.stubGlobal('removeEventListener', forget);
  vi.stubGlobal('navigator', {
    sendBeacon: (target: string, body: string) => {
      if (acceptsBeacons) beacons.push({ url: target, body: JSON.parse(body) as Arrival['body'] });
      return acceptsBeacons;
    },
  });
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(onChange: (entries: { isIntersecting: boolean }[]) => void) {
        observers.push({ change: (isIntersecting) => onChange([{ isIntersecting }]), isDone: false });
      }
      observe(): void {}
      disconnect(): void {
        for (const observer of observers) observer.isDone = true;
      }
    },
  );
  return { beacons, listeners, observers, document };
}

describe('a tracked session in a browser', () => {
  it('sends a click as a beacon with the key in its body', () => {
    const { beacons } = stubBrowser();
    const tracker = open();
    tracker.seen('a');
    tracker.click('a');
    expect(beacons).toHaveLength(1);
    expect(beacons[0]).toMatchObject({ url: `${url}/api/v1/clickstream/beacon`, body: { api_key: 'es_page' } });
    expect(beacons[0]?.body.events?.map(({ event_type }) => event_type)).toEqual(['seen', 'click']);
  });

  it('sends what waits when the page is left or hidden, in beacons that are small enough', () => {
    const { beacons, listeners, document } = stubBrowser();
    const tracker = open();
    for (let turn = 0; turn < 250; turn++) tracker.track({ itemId: `${turn}`, type: 'impression' });
    listeners.get('pagehide')?.();
    expect(beacons.map(({ body }) => body.events?.length)).toEqual([100, 100, 50]);
    tracker.track({ itemId: 'late', type: 'impression' });
    document.visibilityState = 'hidden';
    listeners.get('visibilitychange')?.();
    expect(beacons.at(-1)?.body.events).toMatchObject([{ object_id: 'late' }]);
  });

  it('falls back to a request when the browser takes no beacon', async () => {
    const { beacons } = stubBrowser(false);
    open().click('a');
    await until(() => arrivals.length > 0);
    expect(beacons).toEqual([]);
    expect(eventsOf()).toMatchObject([{ object_id: 'a', event_type: 'click' }]);
  });

  it('counts an item as seen after a second in view, not after a glance', () => {
    vi.useFakeTimers();
    try {
      const { observers, beacons } = stubBrowser();
      const tracker = open();
      tracker.observe({}, 'a');
      observers[0]?.change(true);
      vi.advanceTimersByTime(900);
      observers[0]?.change(false);
      vi.advanceTimersByTime(5_000);
      tracker.click('b');
      expect(beacons[0]?.body.events?.map(({ event_type }) => event_type)).toEqual(['click']);
      observers[0]?.change(true);
      vi.advanceTimersByTime(1_000);
      expect(observers[0]?.isDone).toBe(true);
      tracker.click('b');
      expect(beacons[1]?.body.events).toMatchObject([{ event_type: 'seen', object_id: 'a' }, { event_type: 'click' }]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets go of the page when it is closed', async () => {
    const { listeners, observers } = stubBrowser();
    const tracker = open();
    tracker.observe({}, 'a');
    await tracker.close();
    expect([...listeners.keys()]).toEqual([]);
    expect(observers[0]?.isDone).toBe(true);
  });
});
