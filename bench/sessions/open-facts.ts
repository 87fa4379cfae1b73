import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionFacts, SessionTraits } from '@embedding-studio/contracts';
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

/** What the verbs of sessions and analytics need, on an embedded document server of its own. */
export async function openFacts(progress: Progress): Promise<{ ctx: Ctx; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-bench-'));
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
    await rm(folder, { recursive: true, force: true });
  };
  return { ctx: { actor: { kind: 'system', job: 'bench' }, requestId: 'bench', deps }, close };
}

/** Facts as following the sessions would write them, then the counts of all hours and days by the verb itself. */
export async function writeFacts(ctx: Ctx, count: number, progress: Progress) {
  const { analytics, clock } = ctx.deps;
  const make = createSessionMaker(clock.now(), count);
  const owner = 'bench';
  await analytics.claimTurn(owner, 3_600);
  const hours = new Set<number>();
  const seconds = { facts: 0, counts: 0 };
  let from = performance.now();
  for (let start = 0; start < count; start += perWrite) {
    if (start % 100_000 === 0) progress.say(`writing facts: ${start} of ${count}`);
    const traits = new Map<string, SessionTraits>();
    const facts: SessionFacts[] = [];
    for (let number = start; number < Math.min(count, start + perWrite); number++) {
      const described = describeSession(make(number), number % 17 === 0 ? 'reformulated' : null);
      traits.set(described.facts.traitsKey, described.traits);
      facts.push({ ...described.facts, sequence: number + 1 });
      hours.add(Math.floor(described.facts.at.getTime() / 3_600_000) * 3_600_000);
    }
    await analytics.putTraits(traits);
    await analytics.putFacts(facts);
  }
  seconds.facts = (performance.now() - from) / 1_000;
  progress.say(`counting ${hours.size} hours`);
  const dirtyHours = [...hours].sort().map((hour) => new Date(hour));
  await analytics.saveState(owner, { version: analyticsVersion, sequence: count, dirtyHours });
  from = performance.now();
  await refreshAnalytics({ ctx, input: { owner } });
  seconds.counts = (performance.now() - from) / 1_000;
  return { seconds, traits: (await analytics.listTraits()).size };
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
