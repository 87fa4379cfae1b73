import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveQuery } from '@embedding-studio/contracts';
import { openPostgres, type PostgresStores } from '@embedding-studio/db/postgres';
import { startStandby } from '@embedding-studio/testing/standby';
import { createProgress } from '../../apps/studio/src/terminal/progress.ts';
import { alternate } from '../alternate.ts';
import { inTurn } from '../capacity/measure-server.ts';
import { hnsw, startVectorServer, type VectorServer } from '../capacity/vector-server.ts';
import type { Measurement } from '../loop/measurement.ts';
import { renderReport } from '../loop/render-report.ts';
import { describeMachine, loadNow } from '../machine.ts';

const queries = 200;
const ratioMax = 1.5;

export interface StandbysBenchOptions {
  vectors: number;
  repeats: number;
  json?: string;
}

/** The search of the live collection by a standby and the primary's word, against the primary alone. */
export async function runStandbysBench(options: StandbysBenchOptions): Promise<{ isGoalMissed: boolean }> {
  const progress = createProgress();
  const load = loadNow();
  progress.say(`${options.vectors} vectors, their index and a standby`);
  const server = await startVectorServer({ queries });
  try {
    await server.addVectors(options.vectors);
    await server.stores.collections.buildIndex(server.collectionId, hnsw);
    await server.stores.collections.switchLive({ expected: null, next: server.collectionId });
    await server.pool.query(`VACUUM ANALYZE ${server.table}`);
    const measurement = await measureBeside(server, options.repeats);
    const title = 'Searches on a standby';
    const report = {
      title,
      machine: describeMachine(),
      load: { start: load, end: loadNow() },
      measurements: [measurement],
    };
    process.stdout.write(`${renderReport(report)}\n`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    return { isGoalMissed: measurement.ratio.median > measurement.goal.value };
  } finally {
    await server.stop();
  }
}

async function measureBeside(server: VectorServer, repeats: number): Promise<Measurement> {
  const { url } = server.postgres;
  const standby = await startStandby(url, { settings: ['shared_buffers=1GB'] });
  const replicas = { urls: [standby.url], lagMsMax: 60_000, timeoutMs: 5_000 };
  const beside = await openPostgres({ url, poolMax: 5, statementTimeoutMs: 60_000, replicas });
  try {
    await standby.catchUp();
    const [near, alone] = [await searcherOf(beside), await searcherOf(server.stores)];
    const compared = await alternate({
      ours: { name: 'a standby, with the word of the primary', run: () => inTurn(server.queries, near) },
      bare: { name: 'the primary alone', run: () => inTurn(server.queries, alone) },
      repeats,
    });
    const pages = await pagesOf(server, [near, alone]);
    return {
      name: 'standby',
      what: 'time of 200 searches by meaning from 4 clients, both servers on the same cores',
      goal: { at: 'most', value: ratioMax },
      ratio: compared.timesBare,
      compared,
      facts: {
        'pages of the primary for a search, standby': pages[0] ?? Number.NaN,
        alone: pages[1] ?? Number.NaN,
      },
    };
  } finally {
    await beside.close();
    await standby.stop();
  }
}

async function searcherOf({ collections }: PostgresStores): Promise<Search> {
  const live = await collections.findLiveCollection();
  if (live === null) throw new TypeError('No collection is live.');
  const { ranking: profile } = live.collection;
  const asked: Omit<LiveQuery, 'vector'> = {
    ...{ live, profile, text: '', depth: 100, efSearch: 100 },
    page: { offset: 0, limit: 10 },
  };
  return async (vector) => {
    const answer = await collections.searchLive({ ...asked, vector });
    if (answer === null || answer.hits.length === 0) throw new TypeError('A search found nothing.');
  };
}

type Search = (vector: Float32Array) => Promise<void>;

/** Pages that the primary touches for one search of each kind, however busy the machine is. */
async function pagesOf(server: VectorServer, searches: readonly Search[]): Promise<number[]> {
  const pages: number[] = [];
  let before = await readPages(server);
  for (const search of searches) {
    for (const vector of server.queries) await search(vector);
    const after = await readPages(server);
    pages.push(Math.round((after - before) / server.queries.length));
    before = after;
  }
  return pages;
}

/** A connection that rests has told what it did after ten seconds. */
async function readPages({ pool }: VectorServer): Promise<number> {
  await sleep(11_000);
  const { rows } = await pool.query(
    'SELECT (blks_hit + blks_read)::float8 AS pages FROM pg_stat_database WHERE datname = current_database()',
  );
  return rows[0]?.pages;
}
