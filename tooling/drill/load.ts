import { setTimeout as sleep } from 'node:timers/promises';
import type { Send } from './balancer.ts';
import type { Tally } from './tally.ts';

export interface LoadOptions {
  send: Send;
  tally: Tally;
  /** Per second, all visitors together; each clicks on what it finds. */
  searchesPerSecond: number;
  upsertsPerSecond: number;
  /** Items that are written over and over; absent: every one is new. */
  differentItems?: number;
  /** In the names of all that is made. */
  run: string;
}

export interface Load {
  /** Returns once all that was begun has been acknowledged. */
  stop(): Promise<void>;
}

interface Hit {
  object_id: string;
}

const visitors = 4;
const retryMs = 250;
/** Two minutes and more; what was never acknowledged counts as refused, and cannot be lost. */
const triesMax = 500;

/** Visitors who search and click, and a shop that writes items, at a bounded rate; whatever is refused is sent again. */
export function startLoad(options: LoadOptions): Load {
  let isOver = false;
  const over = () => isOver;
  const running = [
    ...Array.from({ length: visitors }, (_, n) => visit(options, { visitor: n, over })),
    writeItems(options, over),
  ];
  return {
    async stop() {
      isOver = true;
      await Promise.all(running);
    },
  };
}

async function visit(options: LoadOptions, { visitor, over }: { visitor: number; over: () => boolean }): Promise<void> {
  const { send, tally, run } = options;
  const pauseMs = (1_000 * visitors) / options.searchesPerSecond;
  for (let count = 0; !over(); count++) {
    const begun = performance.now();
    const sessionId = `${run}-${visitor}-${count}`;
    // New words each time: no vector of a query is remembered.
    const words = { search_query: `thing number ${(visitor * 7 + count) % 40} for ${sessionId}`, limit: 5 };
    const reply = await send({
      path: '/embeddings/similarity-search',
      body: { ...words, create_session: true, session_id: sessionId },
    });
    tally.count('search', reply);
    const [hit] = (reply.body.search_results ?? []) as Hit[];
    const isStored = reply.body.session_id === sessionId;
    if (hit !== undefined && isStored) await click(options, { sessionId, itemId: hit.object_id });
    await sleep(Math.max(0, pauseMs - (performance.now() - begun)));
  }
}

async function click({ send, tally }: LoadOptions, on: { sessionId: string; itemId: string }): Promise<void> {
  const eventId = `${on.sessionId}-click`;
  const body = { session_id: on.sessionId, events: [{ event_id: eventId, object_id: on.itemId }] };
  for (let tried = 0; tried < triesMax; tried++) {
    const reply = await send({ path: '/clickstream/session/events', body });
    tally.count('click', reply);
    if (reply.status === 200) {
      tally.clicks.push({ sessionId: on.sessionId, eventId, window: tally.current().name });
      return;
    }
    await sleep(retryMs);
  }
}

async function writeItems(options: LoadOptions, over: () => boolean): Promise<void> {
  const pauseMs = 1_000 / options.upsertsPerSecond;
  for (let count = 0; !over(); count++) {
    await upsert(options, count);
    await sleep(pauseMs);
  }
}

/** Sends until it is accepted; the task's id makes that safe. */
async function upsert({ send, tally, run, differentItems }: LoadOptions, count: number): Promise<void> {
  const taskId = `${run}-items-${count}`;
  const word = `only${run}x${count}`;
  const id = `${run}-item-${differentItems === undefined ? count : count % differentItems}`;
  const body = { id: taskId, items: [{ object_id: id, title: `thing ${word}`, text: 'written during the drill' }] };
  for (let tried = 0; tried < triesMax; tried++) {
    const reply = await send({ path: '/embeddings/upsertion-tasks/run', body });
    tally.count('upsert', reply);
    if (reply.status === 200) {
      tally.items.push({ id, taskId, word, window: tally.current().name });
      return;
    }
    await sleep(retryMs);
  }
}
