import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStudio, parseSettings, studioFragment } from '@embedding-studio/composition';
import { StudioError } from '@embedding-studio/contracts';
import { type Ctx, importSessions, ingestEvents } from '@embedding-studio/core';
import { createLog } from '@embedding-studio/telemetry';
import { readSettings } from '../../apps/studio/src/environment.ts';
import { startServices } from '../../apps/studio/src/services/start-services.ts';
import { createProgress, type Progress } from '../../apps/studio/src/terminal/progress.ts';
import { alternate, inverse } from '../alternate.ts';
import { isMet, type Measurement } from '../loop/measurement.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { type BareInsert, openInsertMany, openUnnest } from './bare-inserts.ts';
import { createEventMaker, distinctShare, type GivenEvent, sessionCount } from './make-events.ts';
import { renderClickstream } from './render-clickstream.ts';

const batchEvents = 5_000;
const clients = 4;
export const eventsPerSecondWanted = 20_000;

export interface ClickstreamBenchOptions {
  events: number;
  repeats: number;
  json?: string;
}

interface Bench {
  ctx: Ctx;
  databaseUrl: string;
  documentsUrl: string;
  close(): Promise<void>;
}

/** The verb that takes events in bulk, against bare inserts of the same rows. */
export async function runClickstreamBench(options: ClickstreamBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const start = loadNow();
  const bench = await openBench(progress);
  try {
    const measurements = [
      await measure(bench, { ...options, progress, goal: 0.25, name: 'unnest', open: openUnnestFor(bench) }),
      await measure(bench, { ...options, progress, goal: 0.6, name: 'insertMany', open: openManyFor(bench) }),
    ];
    const report = {
      machine: describeMachine(),
      load: { start, end: loadNow() },
      events: options.events,
      measurements,
    };
    process.stdout.write(`${renderClickstream(report)}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    const isFast = measurements.every(({ facts }) => Number(facts.eventsPerSecond) >= eventsPerSecondWanted);
    return { isGoalMissed: !isFast || !measurements.every(isMet) };
  } finally {
    await bench.close();
  }
}

const openUnnestFor = (bench: Bench) => () => openUnnest(bench.databaseUrl, clients);
const openManyFor = (bench: Bench) => () => openInsertMany(bench.documentsUrl);

interface Measured extends ClickstreamBenchOptions {
  name: string;
  goal: number;
  progress: Progress;
  open(): Promise<BareInsert>;
}

async function measure(
  { ctx }: Bench,
  { name, goal, events, repeats, progress, open }: Measured,
): Promise<Measurement> {
  progress.say(`measuring against ${name}`);
  const make = createEventMaker();
  const prefix = `${name}-`;
  const rows = () => inBatches(make(events).map((event) => ({ ...event, eventId: prefix + event.eventId })));
  const bare = await open();
  try {
    const compared = await alternate({
      ours: { name: 'ingestEvents: checked, compared, stored on disk', run: () => ingestAll(ctx, rows()) },
      bare: { name: `bare ${name} of the same rows`, run: () => inTurn(rows(), (batch) => bare.insert(batch)) },
      repeats,
    });
    return {
      name,
      what: `${events} events in batches of ${batchEvents}, ${clients} at a time, ${sessionCount} sessions, a tenth sent twice`,
      goal: { at: 'least', value: goal },
      ratio: inverse(compared.timesBare),
      compared,
      facts: {
        eventsPerSecond: Math.round(events / compared.ours.seconds.median),
        barePerSecond: Math.round(events / compared.bare.seconds.median),
      },
    };
  } finally {
    await bare.close();
  }
}

async function ingestAll(ctx: Ctx, batches: readonly GivenEvent[][]): Promise<void> {
  const total = batches.reduce((sum, batch) => sum + batch.length, 0);
  let created = 0;
  await inTurn(batches, async (batch) => {
    const outcome = await ingestEvents({ ctx, input: { events: batch } });
    if (outcome.refused.length > 0) throw new StudioError('INTERNAL', `refused ${JSON.stringify(outcome.refused[0])}`);
    created += outcome.created;
  });
  if (Math.abs(created - total * distinctShare) > batches.length * 10)
    throw new StudioError('INTERNAL', `${created} of ${total} events were new: the de-duplication is not exact`);
}

function inBatches(events: readonly GivenEvent[]): GivenEvent[][] {
  const count = Math.ceil(events.length / batchEvents);
  return Array.from({ length: count }, (_, at) => events.slice(at * batchEvents, (at + 1) * batchEvents));
}

async function inTurn(batches: readonly GivenEvent[][], run: (batch: GivenEvent[]) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) await run(batch);
  };
  await Promise.all(Array.from({ length: clients }, lane));
}

async function openBench(progress: Progress): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-bench-'));
  const which = ['postgres', 'queue', 'documents', 'models'] as const;
  const settings = { ...readSettings(), DATABASE_URL: undefined, MONGODB_URL: undefined, TRITON_URL: undefined };
  const running = await startServices({
    ...{ folder, which, log: progress },
    settings: { ...settings, REDIS_URL: undefined },
  });
  const stop = async () => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const studioSettings = parseSettings(studioFragment, running.variables);
    const studio = await openStudio({ settings: studioSettings, log: createLog({ name: 'bench', level: 'error' }) });
    const ctx: Ctx = { actor: { kind: 'system', job: 'bench' }, requestId: 'bench', deps: studio.deps };
    for (let start = 0; start < sessionCount; start += 1_000)
      await importSessions({
        ctx,
        input: { sessions: Array.from({ length: 1_000 }, (_, at) => sessionOf(start + at)) },
      });
    return {
      ...{ ctx, databaseUrl: studioSettings.DATABASE_URL, documentsUrl: studioSettings.MONGODB_URL },
      close: async () => {
        await studio.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function sessionOf(number: number) {
  const shown = Array.from({ length: 20 }, (_, at) => ({ itemId: `item-${(number + at) % 9_973}`, position: at + 1 }));
  return { sessionId: `bench-${number}`, query: `query ${number}`, shown };
}
