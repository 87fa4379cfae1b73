import { readFile, writeFile } from 'node:fs/promises';
import { startStandby } from '@embedding-studio/testing/standby';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { readAssumptions } from './assumptions.ts';
import type { MeasuredBinary, MeasuredInputs, MeasuredSize } from './capacity-model.ts';
import { measureBinary } from './measure-binary.ts';
import { findTruth, logOf, measureServer, secondsOf } from './measure-server.ts';
import { type CapacityReport, renderCapacity } from './render-capacity.ts';
import { dims, startVectorServer, type VectorServer } from './vector-server.ts';

const queries = 300;
/** Vectors added behind the index, for log and replay. */
const added = 2_000;

export interface CapacityBenchOptions {
  /** The larger of both sizes; the smaller is a quarter of it. */
  vectors: number;
  assume: string;
  /** Figures of an earlier run in place of measuring. */
  from?: string;
  json?: string;
}

/** Measures one server at two sizes, and prints what the model makes of it for 1 million to 10 billion vectors. */
export async function runCapacityBench(options: CapacityBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const given = readAssumptions(options.assume);
  const measured =
    options.from === undefined ? await measureCapacity(options.vectors) : await readMeasured(options.from);
  process.stdout.write(`${renderCapacity({ ...measured, given })}\n`);
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(measured, null, 2)}\n`);
  return { isGoalMissed: false };
}

type Measured = Omit<CapacityReport, 'given'>;

/** What an earlier run wrote by --json. */
async function readMeasured(file: string): Promise<Measured> {
  const read: Measured = JSON.parse(await readFile(file, 'utf8'));
  if (Array.isArray(read.inputs?.sizes)) return read;
  throw new TypeError(`${file} holds no figures of this benchmark.`);
}

async function measureCapacity(most: number): Promise<Measured> {
  const progress = createProgress();
  const machine = describeMachine();
  const load = loadNow();
  const server = await startVectorServer({ queries });
  try {
    const sizes: MeasuredSize[] = [];
    let binary: MeasuredBinary | null = null;
    for (const vectors of [Math.ceil(most / 4), most]) {
      progress.say(`${vectors} vectors: loading, building, searching`);
      await server.pool.query(`DROP INDEX IF EXISTS ${server.table.replace(/"$/, '_hnsw"')}`);
      await server.addVectors(vectors - (sizes.at(-1)?.vectors ?? 0));
      const truth = await findTruth(server);
      sizes.push(await measureServer(server, { vectors, truth }));
      binary ??= await measureBinary(server, { vectors, truth });
    }
    if (binary === null) throw new TypeError('No size was measured.');
    progress.say(`${added} more behind the index, and their replay on a standby`);
    const cores = Number(machine.cores);
    const inputs: MeasuredInputs = { dims, cores, binary, sizes, ...(await measureReplay(server)) };
    return { machine, load: { start: load, end: loadNow() }, inputs };
  } finally {
    await server.stop();
  }
}

/** The standby has it all received before it begins to replay, so that replay alone is timed. */
async function measureReplay(
  server: VectorServer,
): Promise<Pick<MeasuredInputs, 'insertLogBytes' | 'replayPerSecond'>> {
  const standby = await startStandby(server.postgres.url, { settings: ['shared_buffers=1GB'] });
  try {
    await standby.pauseReplay();
    const first = await logOf(server, () => server.addVectors(added));
    const replaySeconds = await secondsOf(async () => {
      await standby.resumeReplay();
      await standby.catchUp();
    });
    const later = await logOf(server, () => server.addVectors(added));
    return { insertLogBytes: { first: first / added, later: later / added }, replayPerSecond: added / replaySeconds };
  } finally {
    await standby.stop();
  }
}
