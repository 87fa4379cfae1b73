import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FineTuningMethod, QueuePort, Trainer, TrainingSettings } from '@embedding-studio/contracts';
import type { CoreDeps, CoreSettings, Ctx } from '@embedding-studio/core';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { sessionToTrainingQuery } from '@embedding-studio/ml/clicks';
import { createWordServer } from '../doubles/word-server.ts';
import { createWordTrainer } from '../doubles/word-trainer.ts';
import { startTestMongo, type TestMongo } from '../mongo.ts';
import { startTestPostgres, type TestPostgres } from '../postgres.ts';
import { type RecordedLine, recordLog } from '../record-log.ts';

export interface TestStudioOptions {
  /** Default: word models that learn for real. */
  trainer?: Trainer;
  queue?: QueuePort;
  settings?: Partial<CoreSettings>;
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
  const [postgres, mongo] = await Promise.all([startTestPostgres(), startTestMongo({ now })]);
  const { log, lines } = recordLog();
  const { items, collections, models, apiKeys, audit } = postgres.stores;
  const { tasks, rollouts, sessions, tracker } = mongo.stores;
  const deps: CoreDeps = {
    ...{ items, collections, models, apiKeys, audit, tasks, rollouts, sessions, tracker, log },
    ...createWordServer({ folder: join(folder, 'served') }),
    objects: createFolderObjectStore({ folder: join(folder, 'objects') }),
    queue: options.queue ?? { enqueue: async () => undefined, close: async () => undefined },
    trainer: options.trainer ?? createWordTrainer(),
    methods: { words: wordMethod },
    clock: { now },
    settings: { ...testSettings(folder), ...options.settings },
  };
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

export function testSettings(folder: string): CoreSettings {
  return {
    ...{ partWordsMax: 40, partsMax: 2, workFolder: join(folder, 'work'), embedBatch: 64 },
    ...{ heldOutShare: 0.15, standbyHours: 24, trainingThreads: 1 },
  };
}

const plainTraining: TrainingSettings = {
  loss: { kind: 'contrastive', temperature: 0.05, negativesPerQuery: 4 },
  trainable: { kind: 'all' },
  ...{ batchQueries: 16, accumulationSteps: 1, epochsMax: 1, stepsMax: null, secondsMax: null, learningRate: 1e-3 },
  ...{ warmupShare: 0.1, weightDecay: 0, gradientNormMax: 1, maxTokens: 32, seed: 1, threads: 1 },
  checkpointEverySteps: 10,
};

/** Every usable session is an example; nothing to set. */
const wordMethod: FineTuningMethod = {
  ...{ specVersion: 1, name: 'words', title: 'Words' },
  parseSettings: () => plainTraining,
  selectExamples(sessions) {
    const results = sessions.map((session) => sessionToTrainingQuery(session));
    return { queries: results.flatMap((result) => ('query' in result ? [result.query] : [])), dropped: {} };
  },
};
