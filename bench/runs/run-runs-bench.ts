import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type CoreDeps, type Ctx, getCurves, listRunColumns, listRuns } from '@embedding-studio/core';
import { openMongo } from '@embedding-studio/db/mongo';
import { startDocumentServer } from '@embedding-studio/embedded-mongo';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { createLog } from '@embedding-studio/telemetry';
import { seedRuns } from '@embedding-studio/testing/seed-runs';
import { table } from '../../apps/studio/src/terminal/table.ts';
import { type Spread, spreadOf } from '../alternate.ts';
import { describeMachine, loadNow } from '../machine.ts';

const runs = 500;
const steps = 400;
const goalMs = 1_000;
const goalBytes = 200 * 1_024;

export interface RunsBenchOptions {
  repeats: number;
  json?: string;
}

/** What the page of runs asks for when it opens: the table, the columns and the curves of all runs. */
export async function runRunsBench({ repeats, json }: RunsBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-bench-'));
  const server = await startDocumentServer({ port: 0, folder: join(folder, 'documents') });
  const objects = createFolderObjectStore({ folder: join(folder, 'objects') });
  const mongo = await openMongo({ url: server.url, database: 'bench', objects });
  try {
    const seed = { experiment: 'bench', runs, steps, seed: 1, startedAt: new Date('2030-01-01T00:00:00Z') };
    const { experimentId, runIds } = await seedRuns(mongo.tracker, seed);
    const deps = { tracker: mongo.tracker, log: createLog({ name: 'bench', level: 'error' }) } as unknown as CoreDeps;
    const ctx: Ctx = { actor: { kind: 'system', job: 'bench' }, requestId: 'bench', deps };
    const order = { by: 'metric' as const, key: 'validation.ndcg10', descending: true };
    const calls = {
      'table, 100 runs by a metric': () => listRuns({ ctx, input: { experimentId, order } }),
      'columns of 500 runs': () => listRunColumns({ ctx, input: { experimentId } }),
      'one metric of 500 runs': () => getCurves({ ctx, input: { runIds, metric: 'loss' } }),
      'the same by process time': () => getCurves({ ctx, input: { runIds, metric: 'loss', axis: 'process' } }),
    };
    const rows = [];
    for (const [name, call] of Object.entries(calls)) rows.push({ name, ...(await measure(call, repeats)) });
    const report = { machine: describeMachine(), load: loadNow(), runs, points: runs * steps, rows };
    process.stdout.write(`${render(rows)}\n`);
    if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: rows.some(({ ms, bytes }) => ms.median >= goalMs || bytes >= goalBytes) };
  } finally {
    await mongo.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(call: () => Promise<unknown>, repeats: number) {
  let bytes = JSON.stringify(await call()).length;
  const times: number[] = [];
  for (let round = 0; round < repeats; round++) {
    const started = performance.now();
    bytes = JSON.stringify(await call()).length;
    times.push(performance.now() - started);
  }
  return { ms: spreadOf(times), bytes };
}

function render(rows: readonly { name: string; ms: Spread; bytes: number }[]): string {
  const lines = table(
    ['answer', 'ms (low to high)', 'KiB'],
    rows.map(({ name, ms, bytes }) => [
      name,
      `${ms.median.toFixed(0)} (${ms.min.toFixed(0)} to ${ms.max.toFixed(0)})`,
      (bytes / 1_024).toFixed(0),
    ]),
  );
  return lines.join('\n');
}
