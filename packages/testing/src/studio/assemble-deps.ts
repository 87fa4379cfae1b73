import { join } from 'node:path';
import type {
  AdapterSide,
  FineTuningMethod,
  ImageEncoder,
  Log,
  PluginRegistry,
  QueuePort,
  Trainer,
  TrainingSettings,
} from '@embedding-studio/contracts';
import { noTelemetry, StudioError, TierName } from '@embedding-studio/contracts';
import { type CoreDeps, type CoreSettings, createQueryKnowledge } from '@embedding-studio/core';
import type { MongoStores } from '@embedding-studio/db/mongo';
import type { PostgresStores } from '@embedding-studio/db/postgres';
import { createFolderObjectStore } from '@embedding-studio/integrations/object-store';
import { sessionToTrainingQuery } from '@embedding-studio/ml/clicks';
import { z } from 'zod';
import { createWordAdapterTrainer } from '../doubles/word-adapter-trainer.ts';
import { createWordServer } from '../doubles/word-server.ts';
import { createWordTrainer } from '../doubles/word-trainer.ts';

export interface TestParts {
  postgres: PostgresStores;
  mongo: MongoStores;
  folder: string;
  queue: QueuePort;
  log: Log;
  now: () => Date;
  trainer?: Trainer;
  /** Default: none. */
  plugins?: PluginRegistry;
  settings?: Partial<CoreSettings>;
}

/** Real stores with word models in place of inference and training; two processes with one folder see the same. */
export function assembleDeps({
  postgres,
  mongo,
  folder,
  queue,
  log,
  now,
  trainer,
  plugins,
  settings,
}: TestParts): CoreDeps {
  const { items, collections, models, apiKeys, users, audit, words } = postgres;
  const { suggestions, categories, dataSources, improvement, policies } = postgres;
  const { savedViews, judgements, collectionChecks, experiments } = postgres;
  const { tasks, rollouts, sessions, analytics, tracker, taskSearch, workers } = mongo;
  return {
    ...{ suggestions, categories, dataSources, improvement, policies, taskSearch, workers },
    ...{ savedViews, judgements, collectionChecks, experiments },
    ...{ items, collections, models, apiKeys, users, audit, tasks, rollouts, sessions, analytics, tracker, queue, log },
    telemetry: noTelemetry,
    ...createWordServer({ folder: join(folder, 'served') }),
    objects: createFolderObjectStore({ folder: join(folder, 'objects') }),
    images: noImages,
    jobLogs: mongo.jobLogs,
    trainer: trainer ?? createWordTrainer(),
    adapterTrainer: createWordAdapterTrainer(),
    methods: Object.fromEntries([wordMethod, queryMethod, sharedMethod, autoMethod].map((one) => [one.name, one])),
    plugins: plugins ?? noPlugins,
    services: { describeServices: async () => [] },
    queryKnowledge: createQueryKnowledge({ words, sessions, clock: { now }, log }),
    clock: { now },
    settings: {
      place: { project: 'default', projects: ['default'] },
      ...{ partWordsMax: 40, partsMax: 2, workFolder: join(folder, 'work'), embedBatch: 64 },
      ...{ heldOutShare: 0.15, standbyHours: 24, trainingThreads: 1, ingestItemsPerSecond: null },
      ...{ secretsKey: 'a key for tests, long enough to be one', sourceSecrets: {} },
      retention: { sessionsDays: 400, tasksDays: 90 },
      ...settings,
    },
  };
}

const noPlugins: PluginRegistry = {
  ...{ listPlugins: () => [], findPlugin: () => null },
  ...{ reportFailure: () => undefined, reportSuccess: () => undefined },
};

/** Word models read no images. */
const noImages: ImageEncoder = {
  checkImage: async () => undefined,
  fetchImage: () => Promise.reject(new StudioError('INPUT_INVALID', 'image: no network', { field: 'image' })),
  embedImages: () => Promise.reject(new StudioError('INPUT_INVALID', 'image: texts only', { field: 'image' })),
};

const plainTraining: TrainingSettings = {
  loss: { kind: 'contrastive', temperature: 0.05, negativesPerQuery: 4 },
  trainable: { kind: 'all' },
  ...{ batchQueries: 16, accumulationSteps: 1, epochsMax: 1, stepsMax: null, secondsMax: null, learningRate: 1e-3 },
  ...{ warmupShare: 0.1, weightDecay: 0, gradientNormMax: 1, maxTokens: 32, seed: 1, threads: 1 },
  checkpointEverySteps: 10,
};

/** Every usable session is an example; settings are taken as they are. */
const wordMethod: FineTuningMethod = {
  ...{ specVersion: 1, name: 'words', title: 'Words' },
  parseSettings: (settings) => ({ ...plainTraining, ...settings }),
  selectExamples(sessions, options) {
    const results = sessions.map((session) => sessionToTrainingQuery(session, options));
    return { queries: results.flatMap((result) => ('query' in result ? [result.query] : [])), dropped: {} };
  },
};

const adapterMethod = (name: string, side: AdapterSide): FineTuningMethod => ({
  ...{ ...wordMethod, name },
  parseSettings: ({ tenant }) => ({
    ...plainTraining,
    ...{ batchQueries: 64, epochsMax: 20, learningRate: 0.02 },
    adapter: { side, rank: 12, ridge: 1e-3, randomNegatives: 32, tenant: typeof tenant === 'string' ? tenant : null },
  }),
});
const queryMethod = adapterMethod('query-adapter', 'query');
const sharedMethod = adapterMethod('shared-adapter', 'both');

const autoMethod: FineTuningMethod = {
  ...{ ...wordMethod, name: 'auto' },
  parseSettings: ({ tiers }) => ({
    ...plainTraining,
    tiers: {
      tried: z.array(TierName).parse(tiers ?? TierName.options),
      ...{ queries: queryMethod.parseSettings({}), both: sharedMethod.parseSettings({}) },
    },
  }),
};
