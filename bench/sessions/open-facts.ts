import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isStudioError, type SessionFacts, type SessionTraits } from '@embedding-studio/contracts';
import { analyticsVersion, type CoreDeps, type Ctx, describeSession, refreshAnalytics } from '@embedding-studio/core';
import { openMongo } from '@embedding-studio/db/mongo';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { createLog } from '@embedding-studio/telemetry';
import { readSettings } from '../../apps/studio/src/environment.ts';
import { startServices } from '../../apps/studio/src/services/start-services.ts';
import type { Progress } from '../../apps/studio/src/terminal/progress.ts';
import { createSessionMaker } from './make-sessions.ts';

const perWrite = 5_000;
const catalogue = 10_000;

export interface OpenFacts {
  ctx: Ctx;
  /** Of the document server. */
  url: string;
  close(): Promise<void>;
}

/** What the verbs of sessions and analytics need, on an embedded document server of its own. */
export async function openFacts(progress: Progress, kept?: string): Promise<OpenFacts> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'studio-bench-')));
  const settings = { ...readSettings(), MONGODB_URL: undefined };
  const running = await startServices({ folder, which: ['documents'], log: progress, settings });
  const objects = createFolderObjectStore({ folder });
  const url = running.variables.MONGODB_URL ?? '';
  const stores = await openMongo({ url, database: 'bench', objects, timeoutMs: 120_000 });
  const { analytics, sessions } = stores;
  const log = createLog({ name: 'bench', level: 'error' });
  const audit = { record: async () => undefined };
  const items = { countItems: async () => catalogue };
  // The verbs measured reach nothing else.
  const deps = { analytics, sessions, audit, items, log, clock: { now: () => new Date() } } as unknown as CoreDeps;
  const close = async () => {
    await stores.close();
    await running.stop();
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  };
  return { ctx: { actor: { kind: 'system', job: 'bench' }, requestId: 'bench', deps }, url, close };
}

/** Facts as following the sessions would write them, then the counts of all hours and days by the verb itself. */
export async function writeFacts(ctx: Ctx, count: number, progress: Progress) {
  const { analytics, clock } = ctx.deps;
  const make = createSessionMaker(clock.now(), count);
  const owner = 'bench';
  const state = await analytics.claimTurn(owner, 3_600);
  const seconds = { facts: 0, counts: 0 };
  if (state?.sequence === count && state.dirtyHours.length === 0)
    return { seconds, traits: (await analytics.listTraits()).size };
  const hours = new Set<number>();
  let from = performance.now();
  let written: Promise<void> = Promise.resolve();
  for (let start = 0; start < count; start += perWrite) {
    if (start % 100_000 === 0) progress.say(`writing facts: ${start} of ${count}`);
    const page = describePage(make, { start, end: Math.min(count, start + perWrite) });
    for (const { at } of page.facts) hours.add(Math.floor(at.getTime() / 3_600_000) * 3_600_000);
    // One page is written while the next is described.
    await written;
    written = insist(() => analytics.putTraits(page.traits).then(() => analytics.putFacts(page.facts)));
  }
  await written;
  seconds.facts = (performance.now() - from) / 1_000;
  progress.say(`counting ${hours.size} hours`);
  const dirtyHours = [...hours].sort().map((hour) => new Date(hour));
  await analytics.saveState(owner, { version: analyticsVersion, sequence: count, dirtyHours });
  from = performance.now();
  await refreshAnalytics({ ctx, input: { owner } });
  seconds.counts = (performance.now() - from) / 1_000;
  return { seconds, traits: (await analytics.listTraits()).size };
}

/** Facts take the place of themselves: on a machine that stalls they are written once more. */
async function insist(act: () => Promise<void>, triesLeft = 3): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (triesLeft === 0 || !isStudioError(error) || error.code !== 'STORE_UNAVAILABLE') throw error;
    await sleep(5_000);
    await insist(act, triesLeft - 1);
  }
}

type Make = ReturnType<typeof createSessionMaker>;

function describePage(make: Make, { start, end }: { start: number; end: number }) {
  const traits = new Map<string, SessionTraits>();
  const facts: SessionFacts[] = [];
  for (let number = start; number < end; number++) {
    const described = describeSession(make(number), number % 17 === 0 ? 'reformulated' : null);
    traits.set(described.facts.traitsKey, described.traits);
    facts.push({ ...described.facts, sequence: number + 1 });
  }
  return { traits, facts };
}

export interface Timing {
  name: string;
  rows: number;
  medianMs: number;
  slowestMs: number;
}

/** Once uncounted, then `repeats` times. */
export async function time(name: string, repeats: number, run: () => Promise<number>): Promise<Timing> {
  let rows = await run();
  const taken: number[] = [];
  for (let turn = 0; turn < repeats; turn++) {
    const from = performance.now();
    rows = await run();
    taken.push(performance.now() - from);
  }
  taken.sort((left, right) => left - right);
  const rounded = (value: number | undefined) => Math.round((value ?? 0) * 10) / 10;
  return { name, rows, medianMs: rounded(taken[Math.floor(taken.length / 2)]), slowestMs: rounded(taken.at(-1)) };
}
