import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type SessionStore, StudioError } from '@embedding-studio/contracts';
import type { CoreDeps, Ctx } from '@embedding-studio/core';
import { getSession, ingestEvents, markIrrelevant, pushEvents, registerSession } from '@embedding-studio/core';
import { mayMount, openSmallDisk } from '@embedding-studio/testing';
import { startTestStudio, type TestStudio } from '@embedding-studio/testing/studio';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSpools, type Spools } from '../src/spool/open-spools.ts';

let studio: TestStudio;
let isAway: boolean;
let isStill: boolean;
let folder: string;
let raw: CoreDeps;
let open: Spools[];

beforeAll(async () => {
  studio = await startTestStudio();
  raw = { ...studio.deps, sessions: leavable(studio.deps.sessions) };
});
afterAll(() => studio?.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-test-spool-'));
  [isAway, isStill, open] = [false, false, []];
});
afterEach(async () => {
  for (const spools of open) await spools.close();
  await rm(folder, { recursive: true, force: true });
});

/** The same store, and nothing of it while `isAway`. */
function leavable(store: SessionStore): SessionStore {
  const calls = Object.entries(store).map(([name, method]: [string, (...args: never[]) => Promise<unknown>]) => [
    name,
    async (...args: never[]) => {
      if (isAway) throw new StudioError('STORE_UNAVAILABLE', 'away for the test');
      const stored = await method(...args);
      // Its answer is lost, or comes far too late.
      return isStill && name === 'pushEvents' ? new Promise(() => undefined) : stored;
    },
  ]);
  return Object.fromEntries(calls) as SessionStore;
}

/** A gateway's stores, as its start makes them. */
async function openGateway(options: { bytesMax?: number; drainEveryMs?: number; folder?: string } = {}): Promise<Ctx> {
  const { bytesMax = 100_000_000, drainEveryMs = 10 } = options;
  folder = options.folder ?? folder;
  const spools = await openSpools(new Map([['default', raw]]), {
    settings: { folder, bytesMax, gatherMs: 2, drainEveryMs },
  });
  open.push(spools);
  const deps = spools.projects.get('default');
  if (deps === undefined) throw new TypeError('No project');
  return { ...studio.ctx, deps };
}

/** A machine that does much else is slow. */
const patient = { timeout: 60_000 };
const files = () => readdir(join(folder, 'default'));
const untilEmpty = () => expect.poll(files, patient).toEqual([]);
const register = (ctx: Ctx, sessionId: string) =>
  registerSession({ ctx, input: { sessionId, query: 'red boots', shown: [{ itemId: 'a' }, { itemId: 'b' }] } });
const click = (ctx: Ctx, sessionId: string, eventId: string) =>
  pushEvents({ ctx, input: { sessionId, events: [{ eventId, itemId: 'a' }] } });
const eventsOf = async (sessionId: string) =>
  (await getSession({ ctx: studio.ctx, input: { sessionId } })).events.map(({ eventId }) => eventId);

describe('while the document store is away', () => {
  it('sessions, clicks and marks are accepted, and stored in their order once it is back', async () => {
    const ctx = await openGateway();
    await register(ctx, 'before');
    isAway = true;
    const at = new Date(Date.now() - 3_600_000);
    expect(await register(ctx, 'during')).toEqual({ created: false });
    expect(await click(ctx, 'during', 'd1')).toEqual({ created: 0, duplicates: 0, spooled: 1 });
    await Promise.all(Array.from({ length: 40 }, (_, n) => click(ctx, 'before', `b${n}`)));
    const events = [{ sessionId: 'during', eventId: 'd2', itemId: 'b', createdAt: at, meta: { createdAt: 'text' } }];
    expect(await ingestEvents({ ctx, input: { events } })).toMatchObject({ created: 0, spooled: 1 });
    await markIrrelevant({ ctx, input: { sessionId: 'during' } });
    expect(await files()).not.toEqual([]);
    isAway = false;
    await untilEmpty();
    const during = await getSession({ ctx: studio.ctx, input: { sessionId: 'during' } });
    expect(during.isIrrelevant).toBe(true);
    expect(during.events.map(({ eventId }) => eventId)).toEqual(['d2', 'd1']);
    expect(during.events[0]).toMatchObject({ createdAt: at, meta: { createdAt: 'text' } });
    expect(await eventsOf('before')).toHaveLength(40);
    expect(await click(ctx, 'during', 'd1')).toEqual({ created: 0, duplicates: 1 });
  });

  it('a store that does not answer holds up nobody, and what it stored all the same is stored once', async () => {
    const ctx = await openGateway();
    await register(ctx, 'still');
    isStill = true;
    expect(await click(ctx, 'still', 's1')).toEqual({ created: 0, duplicates: 0, spooled: 1 });
    isStill = false;
    await untilEmpty();
    expect(await eventsOf('still')).toEqual(['s1']);
  });

  it('clicks that never cease are stored directly again once it is back', async () => {
    const ctx = await openGateway();
    await register(ctx, 'busy');
    isAway = true;
    const answers: { spooled?: number }[] = [];
    let isOver = false;
    const visitors = Array.from({ length: 8 }, async (_, visitor) => {
      for (let n = 0; !isOver; n++) answers.push(await click(ctx, 'busy', `v${visitor}-${n}`));
    });
    await expect.poll(() => answers.length, patient).toBeGreaterThan(50);
    isAway = false;
    await expect.poll(() => answers.slice(-50).filter(({ spooled }) => spooled === undefined).length, patient).toBe(50);
    isOver = true;
    await Promise.all(visitors);
    expect(await files()).toEqual([]);
    expect(await eventsOf('busy')).toHaveLength(answers.length);
  });

  it('what cannot be valid is refused as ever', async () => {
    const ctx = await openGateway();
    isAway = true;
    const events = [{ eventId: 'e', itemId: 'a', createdAt: new Date(0) }];
    await expect(pushEvents({ ctx, input: { sessionId: 's', events } })).rejects.toMatchObject({
      code: 'TIMESTAMP_INVALID',
    });
    await expect(pushEvents({ ctx, input: { sessionId: 's', events: [] } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect(await files()).toEqual([]);
  });

  it('once the spool is full callers are asked to come again, and what was accepted is kept', async () => {
    const ctx = await openGateway({ bytesMax: 3 * 4_096 });
    await register(ctx, 'full');
    isAway = true;
    const answers: string[] = [];
    for (let n = 0; n < 6; n++)
      answers.push(
        await click(ctx, 'full', `f${n}`).then(
          () => 'kept',
          (error: StudioError) => error.code,
        ),
      );
    expect(answers).toEqual([...Array(3).fill('kept'), ...Array(3).fill('STORE_UNAVAILABLE')]);
    isAway = false;
    await untilEmpty();
    expect(await eventsOf('full')).toEqual(['f0', 'f1', 'f2']);
    expect(await click(ctx, 'full', 'f3')).toMatchObject({ created: 1 });
  });

  it.skipIf(!mayMount())('a full disk is a full spool', async () => {
    const disk = openSmallDisk({ megabytes: 1 });
    const [kept, ctx] = [folder, await openGateway({ folder: disk.folder })];
    await register(ctx, 'disk');
    isAway = true;
    await click(ctx, 'disk', 'd1');
    await disk.fill();
    await expect(click(ctx, 'disk', 'd2')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await disk.free();
    await click(ctx, 'disk', 'd3');
    isAway = false;
    await expect.poll(() => eventsOf('disk'), patient).toEqual(['d1', 'd3']);
    for (const spools of open.splice(0)) await spools.close();
    disk.close();
    folder = kept;
  });

  it('without a spool clicks are refused', async () => {
    const ctx = await openGateway({ bytesMax: 0 });
    isAway = true;
    await expect(click(ctx, 's', 'e')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});

describe('what waits', () => {
  it('is stored by the next process where the first one was killed', async () => {
    const first = await openGateway({ drainEveryMs: 3_600_000 });
    await register(first, 'killed');
    isAway = true;
    for (const id of ['k1', 'k2']) await click(first, 'killed', id);
    isAway = false;
    const second = await openGateway();
    await untilEmpty();
    expect(await eventsOf('killed')).toEqual(['k1', 'k2']);
    expect(await click(second, 'killed', 'k2')).toMatchObject({ duplicates: 1 });
  });

  it('and is wrong is counted and stops nothing; a click is tried again until its session has come', async () => {
    const ctx = await openGateway();
    await register(ctx, 'sound');
    await click(ctx, 'sound', 's1');
    isAway = true;
    await pushEvents({ ctx, input: { sessionId: 'sound', events: [{ eventId: 's1', itemId: 'other' }] } });
    await click(ctx, 'from another gateway', 'g1');
    await click(ctx, 'sound', 's2');
    isAway = false;
    await expect.poll(() => eventsOf('sound'), patient).toEqual(['s1', 's2']);
    await expect.poll(async () => (await files()).map((name) => name.endsWith('.late.jsonl')), patient).toEqual([true]);
    // It holds up nobody.
    expect(await click(ctx, 'sound', 's3')).toMatchObject({ created: 1 });
    await register(studio.ctx, 'from another gateway');
    await untilEmpty();
    expect(await eventsOf('from another gateway')).toEqual(['g1']);
    const conflicts = studio.log.filter(({ message }) => message === 'spooled write refused by the store');
    expect(conflicts).toMatchObject([{ fields: { code: 'EVENT_CONFLICT', sessionId: 'sound', eventId: 's1' } }]);
  });

  it('in another gateway is waited for: a click whose session is there is accepted, and joins it', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    const holder = await openGateway({ folder: first, drainEveryMs: 3_600_000 });
    const other = await openGateway({ folder: second });
    isAway = true;
    await register(holder, 'held');
    await click(other, 'held', 'while away');
    isAway = false;
    expect(await click(other, 'held', 'after')).toMatchObject({ created: 0, spooled: 1 });
    const events = [{ sessionId: 'held', eventId: 'of many', itemId: 'a' }];
    await expect
      .poll(() => ingestEvents({ ctx: other, input: { events } }), patient)
      .toMatchObject({ spooled: 1, refused: [] });
    await openGateway({ folder: first });
    await expect
      .poll(async () => (await eventsOf('held').catch(() => [])).sort(), patient)
      .toEqual(['after', 'of many', 'while away']);
    folder = dirname(first);
  });

  it('for a session that never comes is given up after minutes', async () => {
    const ctx = await openGateway();
    isAway = true;
    await click(ctx, 'nobody', 'n1');
    isAway = false;
    await expect.poll(async () => (await files()).every((name) => name.endsWith('.late.jsonl')), patient).toBe(true);
    studio.passSeconds(301);
    await untilEmpty();
  });
});
