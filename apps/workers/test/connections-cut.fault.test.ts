import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskKind } from '@embedding-studio/contracts';
import { createPool } from '@embedding-studio/db/postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BrokenLoop, openBrokenLoop } from './broken-loop.ts';

let loop: BrokenLoop;
beforeEach(async () => {
  loop = await openBrokenLoop();
});
afterEach(() => loop.close());

describe('the loop, with its servers failing', () => {
  test('Redis emptied and every database connection cut in the middle of each kind of task changes nothing', async () => {
    loop.startWorker();
    const hit = new Set<TaskKind>();
    let isOver = false;
    const pool = createPool({ url: loop.studio.postgres.url, poolMax: 1, statementTimeoutMs: 5_000 });
    const breakThings = (async () => {
      while (!isOver) {
        await sleep(20);
        const running = await loop.studio.deps.tasks.listTasks({ status: 'processing', offset: 0, limit: 10 });
        const fresh = running.map(({ kind }) => kind).filter((kind) => !hit.has(kind));
        if (fresh.length === 0) continue;
        for (const kind of fresh) hit.add(kind);
        await loop.redis?.flushAll();
        await cutConnections(pool);
      }
    })();
    await again(loop.requestBase);
    await again(loop.requestTuned);
    await loop.waitForTheEnd();
    isOver = true;
    await breakThings;
    await pool.end();
    await loop.expectGoodEnd();
    expect(hit).toContain('evaluation');
  });
});

/** As a client does whose connection was cut: every request may be sent again. */
async function again(attempt: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const isDone = await attempt().then(
      () => true,
      () => sleep(200, false),
    );
    if (isDone) return;
  }
}

function cutConnections(pool: ReturnType<typeof createPool>): Promise<unknown> {
  const others = 'datname = current_database() AND pid <> pg_backend_pid()';
  return pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
}
