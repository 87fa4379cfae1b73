import { writeFile } from 'node:fs/promises';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { createSearchPool } from '../../packages/db/src/postgres/open-pool.ts';
import { SearchPool } from '../../packages/db/src/postgres/search-pool.ts';
import { alternate } from '../alternate.ts';
import { findTruth, inTurn, measureRecall, measureServer, secondsOf, type Truth } from '../capacity/measure-server.ts';
import { startVectorServer, type VectorServer } from '../capacity/vector-server.ts';
import { describeMachine, loadNow } from '../machine.ts';
import { askPartitions, type PartitionedSearch } from './ask-partitions.ts';
import { measureAlone, measureWork, sizesOf } from './measure-work.ts';
import { renderPartitions } from './render-partitions.ts';
import { type StartedPartitions, startPartitions, waitForAll } from './start-partitions.ts';

const partitionCount = 3;
const queries = 200;
const efSearch = 100;
/** Each partition has to find fewer of the nearest. */
const narrowBeam = 40;
const limit = 10;
const addedLater = 500;

export interface PartitionsBenchOptions {
  vectors: number;
  repeats: number;
  json?: string;
}

/** Vectors split over several servers, against one server with all of them. */
export async function runPartitionsBench(options: PartitionsBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const load = loadNow();
  progress.say(`one server: ${options.vectors} vectors and their index`);
  const primary = await startVectorServer({ queries, settings: ['wal_level=logical'] });
  let started: StartedPartitions | null = null;
  try {
    await primary.addVectors(options.vectors);
    const truth = await findTruth(primary);
    const one = await measureServer(primary, { vectors: options.vectors, truth });
    progress.say(`${partitionCount} partitions: copied by logical replication, an index each`);
    started = await startPartitions(primary, partitionCount);
    progress.say('measuring');
    const measured = await measure(primary, started, { ...options, truth });
    const report = { machine: describeMachine(), load: { start: load, end: loadNow() }, one, ...measured };
    process.stdout.write(`${renderPartitions(report)}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: false };
  } finally {
    await started?.stop();
    await primary.stop();
  }
}

async function measure(
  primary: VectorServer,
  started: StartedPartitions,
  { repeats, vectors, truth }: PartitionsBenchOptions & { truth: Truth },
) {
  const { partitions, copySeconds, buildSeconds } = started;
  const { table } = primary;
  const pool = createSearchPool({ url: primary.postgres.url, poolMax: 8, statementTimeoutMs: 10_000 });
  const search: PartitionedSearch = { partitions, primary: new SearchPool(pool), table, efSearch, limit };
  const wanted = { collectionId: primary.collectionId, limit, efSearch };
  const { findNearest } = primary.stores.collections;
  const ask = (vector: Float32Array) => findNearest({ ...wanted, vector });
  const split = async (vector: Float32Array) => (await askPartitions(search, vector)).hits;
  try {
    const compared = await alternate({
      ours: { name: `${partitions.length} partitions, merged`, run: () => inTurn(primary.queries, split) },
      bare: { name: 'one server', run: () => inTurn(primary.queries, ask) },
      repeats,
    });
    const recall = await measureRecall(truth, split);
    const alone = await measureAlone(search, primary.queries);
    const work = await measureWork(primary, partitions[0], { efSearch, limit });
    const narrow = {
      recall: await measureRecall(
        truth,
        async (vector) => (await askPartitions({ ...search, efSearch: narrowBeam }, vector)).hits,
      ),
      pages: (await measureWork(primary, partitions[0], { efSearch: narrowBeam, limit })).partition,
    };
    const sizes = await Promise.all(partitions.map(({ pool: each }) => sizesOf(each)));
    const followSeconds = await secondsOf(async () => {
      await primary.addVectors(addedLater);
      await waitForAll(partitions, vectors + addedLater);
    });
    await partitions[0]?.server.kill();
    const without = await measureRecall(truth, split);
    const follow = { vectors: addedLater, seconds: followSeconds };
    return {
      compared,
      recall,
      alone,
      work,
      narrow,
      sizes,
      follow,
      recallWithoutOne: without,
      copySeconds,
      buildSeconds,
    };
  } finally {
    await pool.end();
  }
}

export type MeasuredPartitions = Awaited<ReturnType<typeof measure>>;
