import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '@embedding-studio/db/postgres';
import type { Installation } from '../installation/start-installation.ts';
import type { Send } from './balancer.ts';
import type { Tally } from './tally.ts';

export interface Verdict {
  /** By window: what was acknowledged in it and is not there, or is there twice. */
  lost: Map<string, number>;
  /** Every sentence is a promise that was broken; empty: all were kept. */
  broken: string[];
  counted: { clicks: number; items: number; tasks: number };
}

const settleTimeoutMs = 150_000;
/** A standby may show an item DATABASE_REPLICA_LAG_MS late, and asks for a new primary's log every five seconds. */
const standbyTimeoutMs = 20_000;
const page = 200;

/** Waits until nothing is left to do, and then looks for all that was ever acknowledged. */
export async function judge(options: { installation: Installation; tally: Tally; send: Send }): Promise<Verdict> {
  const { installation, tally } = options;
  const lost = new Map<string, number>();
  const broken: string[] = [];
  const lose = (window: string, what: string) => {
    lost.set(window, (lost.get(window) ?? 0) + 1);
    broken.push(what);
  };
  await untilDrained(installation).catch((error: Error) => broken.push(error.message));
  await checkTasks(options, lose);
  await checkItems(options, lose);
  await checkClicks(options, lose);
  broken.push(...(await checkPointer(installation)));
  const counted = { clicks: tally.clicks.length, items: tally.items.length, tasks: tally.items.length };
  return { lost, broken, counted };
}

type Lose = (window: string, what: string) => void;

async function untilDrained({ spoolFolders, studio }: Installation): Promise<void> {
  const deadline = Date.now() + settleTimeoutMs;
  const isBusy = async () => {
    const waiting = spoolFolders.some((folder) => filesOf(join(folder, 'default')) > 0);
    const { tasks } = studio.deps;
    const open = await Promise.all(
      (['pending', 'processing'] as const).map((status) => tasks.listTasks({ status, offset: 0, limit: page })),
    );
    return waiting || open.flat().some(({ kind }) => kind === 'upsertion');
  };
  while (await isBusy()) {
    if (Date.now() > deadline) throw new Error(`Work is left after ${settleTimeoutMs / 1_000} s`);
    await sleep(250);
  }
}

const filesOf = (folder: string): number =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')).length : 0;

async function checkTasks({ installation, tally }: { installation: Installation; tally: Tally }, lose: Lose) {
  for (const { taskId, window } of tally.items) {
    const task = await installation.studio.deps.tasks.getTask(taskId).catch(() => null);
    const done = task?.attempts.filter(({ outcome }) => outcome === 'done').length;
    if (task?.status !== 'done' || done !== 1)
      lose(window, `task ${taskId} is ${task?.status ?? 'gone'}, done ${done ?? 0} times`);
  }
}

/** Stored, and found by the word that no other item has. */
async function checkItems(
  { installation, tally, send }: { installation: Installation; tally: Tally; send: Send },
  lose: Lose,
) {
  const { items } = installation.studio.deps;
  for (let start = 0; start < tally.items.length; start += page) {
    const wanted = tally.items.slice(start, start + page);
    const found = new Set((await items.findItems(wanted.map(({ id }) => id))).map(({ id }) => id));
    for (const { id, window } of wanted) if (!found.has(id)) lose(window, `item ${id} is not stored`);
  }
  const deadline = Date.now() + standbyTimeoutMs;
  for (const { id, word, window } of tally.items) {
    while (!(await isFound(send, { id, word }))) {
      if (Date.now() > deadline) {
        lose(window, `item ${id} is not found by its word`);
        break;
      }
      await sleep(250);
    }
  }
}

async function isFound(send: Send, { id, word }: { id: string; word: string }): Promise<boolean> {
  const body = { search_query: word, limit: 1, ranking: 'lexical' };
  const answer = await send({ path: '/embeddings/similarity-search', body });
  const [hit] = (answer.body.search_results ?? []) as { object_id: string }[];
  return hit?.object_id === id;
}

async function checkClicks({ installation, tally }: { installation: Installation; tally: Tally }, lose: Lose) {
  const { sessions } = installation.studio.deps;
  for (let start = 0; start < tally.clicks.length; start += page) {
    const wanted = tally.clicks.slice(start, start + page);
    const found = await sessions.findSessions(wanted.map(({ sessionId }) => sessionId));
    const bySession = new Map(found.map((session) => [session.sessionId, session.events]));
    for (const { sessionId, eventId, window } of wanted) {
      const times = bySession.get(sessionId)?.filter((event) => event.eventId === eventId).length ?? 0;
      if (times !== 1) lose(window, `click ${eventId} is in its session ${times} times`);
    }
  }
}

async function checkPointer({ databaseUrl, studio }: Installation): Promise<string[]> {
  const pool = createPool({ url: databaseUrl, poolMax: 1, statementTimeoutMs: 10_000 });
  try {
    const { rows } = await pool.query(
      'SELECT c.status FROM live_pointer p JOIN collections c ON c.id = p.collection_id',
    );
    const live = await studio.deps.rollouts.listRollouts({ offset: 0, limit: 100, state: 'live' });
    if (rows.length === 1 && rows[0]?.status === 'ready' && live.length === 1) return [];
    return [`there are ${rows.length} live pointers and ${live.length} live rollouts`];
  } finally {
    await pool.end();
  }
}
