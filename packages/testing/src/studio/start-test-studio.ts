import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginRegistry, QueuePort, Trainer } from '@embedding-studio/contracts';
import type { CoreDeps, CoreSettings, Ctx } from '@embedding-studio/core';
import { startTestMongo, type TestMongo } from '../mongo.ts';
import { startTestPostgres, type TestPostgres } from '../postgres.ts';
import { type RecordedLine, recordLog } from '../record-log.ts';
import { assembleDeps } from './assemble-deps.ts';

export interface TestStudioOptions {
  /** Default: word models that learn for real. */
  trainer?: Trainer;
  queue?: QueuePort;
  plugins?: PluginRegistry;
  settings?: Partial<CoreSettings>;
  /** Default: a database in the cluster that all tests share. */
  postgres?: TestPostgres;
}

export interface TestStudio {
  deps: CoreDeps;
  /** A job of the system: may do everything. */
  ctx: Ctx;
  postgres: TestPostgres;
  mongo: TestMongo;
  /** Objects, model repository and work folder lie below it. */
  folder: string;
  /** Moves the clock of core and document stores. */
  passSeconds(seconds: number): void;
  log: RecordedLine[];
  close(): Promise<void>;
}

/** Real Postgres and real documents; doubles at the ports of inference and training, and of the clock. */
export async function startTestStudio(options: TestStudioOptions = {}): Promise<TestStudio> {
  const folder = await mkdtemp(join(tmpdir(), 'studio-test-'));
  let skippedMs = 0;
  const now = () => new Date(Date.now() + skippedMs);
  const [postgres, mongo] = await Promise.all([options.postgres ?? startTestPostgres(), startTestMongo({ now })]);
  const { log, lines } = recordLog();
  const deps = assembleDeps({
    ...{ postgres: postgres.stores, mongo: mongo.stores, folder, now, log },
    queue: options.queue ?? { enqueue: async () => undefined, close: async () => undefined },
    trainer: options.trainer,
    plugins: options.plugins,
    settings: options.settings,
  });
  return {
    deps,
    ctx: { actor: { kind: 'system', job: 'test' }, requestId: randomUUID(), deps },
    ...{ postgres, mongo, folder, log: lines },
    passSeconds: (seconds) => {
      skippedMs += seconds * 1_000;
    },
    async close() {
      await deps.queue.close();
      await Promise.all([postgres.stop(), mongo.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
