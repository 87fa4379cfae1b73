import { readFileSync } from 'node:fs';
import { createPool } from '@embedding-studio/db/postgres';
import type { Installation } from '../installation/start-installation.ts';

/** Figures of one moment, by name. */
export interface Sample {
  /** Seconds since the start. */
  at: number;
  /** Resident megabytes of every process of ours. */
  memory: Record<string, number>;
  /** JavaScript's part of it. */
  heap: Record<string, number>;
  /** 99th percentile, milliseconds. */
  lag: Record<string, number>;
  /** Rows of every table. */
  rows: Record<string, number>;
  connections: number;
}

const lagMetric = /^embedding_studio_nodejs_eventloop_lag_p99_seconds(?:\{[^}]*\})? (\S+)$/m;
const heapMetric = /^embedding_studio_nodejs_heap_size_used_bytes(?:\{[^}]*\})? (\S+)$/m;

export async function takeSample(installation: Installation, at: number): Promise<Sample> {
  const [told, tables] = await Promise.all([readTold(installation), readTables(installation.databaseUrl)]);
  const memory = installation.parts.flatMap((part) => {
    const pid = part.pid();
    return pid === null ? [] : [[part.name, residentMegabytes(pid)] as const];
  });
  return { at, memory: Object.fromEntries(memory), ...told, ...tables };
}

function residentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}

async function readTold({ gateways, studio }: Installation): Promise<Pick<Sample, 'lag' | 'heap'>> {
  const lag: Record<string, number> = {};
  const heap: Record<string, number> = {};
  for (const [n, url] of gateways.entries()) {
    const text = await (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) })).text();
    lag[`gateway ${n + 1}`] = Number(lagMetric.exec(text)?.[1] ?? 0) * 1_000;
    heap[`gateway ${n + 1}, heap`] = Number(heapMetric.exec(text)?.[1] ?? 0) / 1_024 ** 2;
  }
  const workers = await studio.deps.workers.listWorkers();
  for (const [n, { eventLoopLagMs, heapBytes }] of workers.entries()) {
    lag[`workers ${n + 1}`] = eventLoopLagMs;
    heap[`workers ${n + 1}, heap`] = heapBytes / 1_024 ** 2;
  }
  return { lag, heap };
}

async function readTables(url: string): Promise<Pick<Sample, 'rows' | 'connections'>> {
  const pool = createPool({ url, poolMax: 1, statementTimeoutMs: 10_000 });
  try {
    const names = await pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    );
    const rows: Record<string, number> = {};
    for (const { name } of names.rows) {
      // A collection may have been dropped since the tables were listed.
      const counted = await pool
        .query<{ count: string }>(`SELECT count(*) AS count FROM "${name}"`)
        .catch((error: Error & { code?: string }) => {
          if (error.code === '42P01') return { rows: [] };
          throw error;
        });
      // Each collection has a table of its own; together they must stay bounded.
      const group = name.replace(/_[0-9a-f]{8,}.*$/, '_*');
      rows[group] = (rows[group] ?? 0) + Number(counted.rows[0]?.count ?? 0);
    }
    const open = await pool.query<{ count: string }>(
      `SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database()`,
    );
    return { rows, connections: Number(open.rows[0]?.count ?? 0) };
  } finally {
    await pool.end();
  }
}
