import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StudioError, type TaskCursor, type TaskFilter, type TaskSearch } from '@embedding-studio/contracts';
import { openMongo } from '@embedding-studio/db/mongo';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { MongoClient } from 'mongodb';
import { readSettings } from '../../apps/studio/src/environment.ts';
import { startServices } from '../../apps/studio/src/services/start-services.ts';
import { createProgress, type Progress } from '../../apps/studio/src/terminal/progress.ts';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { spreadOf } from '../alternate.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { makeTask } from './make-tasks.ts';

const database = 'bench';
const batch = 5_000;
const page = 100;
const start = Date.UTC(2025, 0, 1);
export const wantedMs = 300;
export const answerBytesMax = 200 * 1024;

export interface TasksBenchOptions {
  tasks: number;
  repeats: number;
  json?: string;
}

interface Measured {
  name: string;
  medianMs: number;
  maxMs: number;
  rows: number;
  bytes: number;
}

/** Search and counts of jobs over very many task documents, through the driver, in the document server at hand. */
export async function runTasksBench(options: TasksBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const load = loadNow();
  const folder = await mkdtemp(join(tmpdir(), 'studio-bench-'));
  const settings = readSettings();
  const running = await startServices({ folder, which: ['documents'], log: progress, settings });
  try {
    const url = running.variables.MONGODB_URL;
    if (url === undefined) throw new StudioError('INTERNAL', 'The document server has no address.');
    const objects = createFolderObjectStore({ folder: join(folder, 'objects') });
    const stores = await openMongo({ url, database, objects, timeoutMs: 60_000 });
    const seconds = await fill(url, options.tasks, progress);
    progress.say('measuring');
    const measured = await measureAll(stores.taskSearch, options);
    await stores.close();
    const report = {
      machine: describeMachine(),
      load: { start: load, end: loadNow() },
      ...options,
      fillSeconds: seconds,
      measured,
    };
    process.stdout.write(`${render(report)}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: measured.some(({ medianMs, bytes }) => medianMs > wantedMs || bytes > answerBytesMax) };
  } finally {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(url: string, count: number, progress: Progress): Promise<number> {
  const client = await new MongoClient(url).connect();
  const tasks = client.db(database).collection<{ _id: string }>('tasks');
  const started = performance.now();
  try {
    for (let first = 0; first < count; first += batch) {
      const size = Math.min(batch, count - first);
      const documents = Array.from({ length: size }, (_, at) => makeTask(first + at, start));
      await tasks.insertMany(documents as { _id: string }[], { ordered: false });
      if ((first / batch) % 20 === 0) progress.say(`${first + size} of ${count} tasks`);
    }
  } finally {
    await client.close();
  }
  return Math.round((performance.now() - started) / 1_000);
}

async function measureAll(search: TaskSearch, { tasks, repeats }: TasksBenchOptions): Promise<Measured[]> {
  const middle: TaskCursor = { createdAt: new Date(start + (tasks / 2) * 1_000), id: 'tsk_8' };
  const find =
    (filter: TaskFilter, before: TaskCursor | null = null) =>
    () =>
      search.findTasks({ filter, before, limit: page });
  const count = (filter: TaskFilter) => async () => [await search.countTasks(filter)];
  const rare: TaskFilter = { kinds: ['reindex', 'switch'], statuses: ['failed', 'refused'] };
  const days: TaskFilter = {
    createdFrom: new Date(start + tasks * 200),
    createdTo: new Date(start + tasks * 300),
    statuses: ['failed'],
  };
  const asked: [string, () => Promise<unknown[]>][] = [
    ['first page, no filter', find({})],
    ['a page from the middle', find({}, middle)],
    ['by kind', find({ kinds: ['reindex'] })],
    ['by status', find({ statuses: ['failed'] })],
    ['two kinds, two statuses', find(rare)],
    ['days and a status', find(days)],
    ['by rollout', find({ subjects: [`rol_${Math.floor(tasks / 80)}`] })],
    ['start of an id', find({ text: `tsk_${'0'.repeat(29)}` })],
    ['words of an error, many', find({ text: 'widest beam' })],
    ['words of an error, one', find({ text: `(request ${tasks - 2})` })],
    ['words of an error, none', find({ text: 'no task says this' })],
    ['counts by status, no filter', count({})],
    ['counts by status of a kind', count({ kinds: ['upsertion'] })],
    ['counts of days', count(days)],
    ['counts of an error, capped', count({ text: 'widest beam' })],
    ['depth of every queue', () => search.describeQueues()],
  ];
  const measured: Measured[] = [];
  for (const [name, ask] of asked) measured.push(await measure(name, ask, repeats));
  return measured;
}

async function measure(name: string, ask: () => Promise<unknown[]>, repeats: number): Promise<Measured> {
  const first = await ask();
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const started = performance.now();
    await ask();
    times.push(performance.now() - started);
  }
  const { median, max } = spreadOf(times);
  const bytes = Buffer.byteLength(JSON.stringify(first));
  return { name, medianMs: round(median), maxMs: round(max), rows: first.length, bytes };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

function render(report: {
  tasks: number;
  fillSeconds: number;
  load: { start: number; end: number };
  measured: Measured[];
}) {
  const rows = report.measured.map(({ name, medianMs, maxMs, rows: count, bytes }) => [
    ...[name, `${medianMs} ms`, `${maxMs} ms`, String(count), `${(bytes / 1024).toFixed(1)} KiB`],
    medianMs <= wantedMs && bytes <= answerBytesMax ? 'met' : 'MISSED',
  ]);
  const head = ['question', 'median', 'slowest', 'rows', 'answer', `≤ ${wantedMs} ms, ≤ 200 KiB`];
  return [
    `${report.tasks} tasks, written in ${report.fillSeconds} s; load ${report.load.start} → ${report.load.end}`,
    ...table(head, rows),
  ].join('\n');
}
