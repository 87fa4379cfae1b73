import type { AdapterSide, LossSpec, TrainingSettings } from '@embedding-studio/contracts';
import { z } from 'zod';
import { negativesPerQuery, temperature } from './parse-settings.ts';

/** Keys of methods that train a map over stored vectors. */
export const adapterKeys = {
  rank: z
    .number()
    .int()
    .min(1)
    .max(256)
    .default(32)
    .describe('Directions in which vectors may move; 16 to 64 is usual'),
  ridge: z.number().min(0).max(1e6).default(0.01).describe('The higher, the nearer to leaving vectors as they are'),
  loss: z.enum(['contrastive', 'margin', 'coSent', 'gradedKl']).default('contrastive'),
  temperature: temperature.default(0.05),
  margin: z.number().min(0).max(2).default(0.1).describe('For the loss margin alone'),
  negativesPerQuery: negativesPerQuery.default(1).describe('Passed-over items of each query in a batch'),
  randomNegatives: z.number().int().min(0).max(16_384).default(256).describe('Items drawn at random into each batch'),
  batchQueries: z.number().int().min(2).max(4096).default(256),
  epochsMax: z.number().int().min(1).max(200).default(10),
  learningRate: z.number().positive().max(1).default(0.002),
  secondsMax: z.number().min(1).max(86_400).nullable().default(120),
  debias: z.enum(['auto', 'off']).default('auto'),
  seed: z.number().int().min(0).max(2_147_483_647).default(1),
};

export type AdapterKeys = z.infer<z.ZodObject<typeof adapterKeys>>;

/** The settings of the run; what encoders alone read is set to what costs nothing. */
export function toAdapterSettings(
  keys: AdapterKeys,
  { side, tenant }: { side: AdapterSide; tenant: string | null },
): TrainingSettings {
  const { rank, ridge, randomNegatives, batchQueries, epochsMax, learningRate, secondsMax, debias, seed } = keys;
  return {
    adapter: { side, rank, ridge, randomNegatives, tenant },
    loss: toLoss(keys),
    trainable: { kind: 'all' },
    ...{ batchQueries, epochsMax, learningRate, secondsMax, debias, seed },
    ...{ accumulationSteps: 1, stepsMax: null, warmupShare: 0.1, weightDecay: 0, gradientNormMax: 1 },
    ...{ maxTokens: 256, threads: 1, checkpointEverySteps: 100_000 },
  };
}

function toLoss({ loss: kind, temperature: degree, margin, negativesPerQuery: negatives }: AdapterKeys): LossSpec {
  const shared = {
    temperature: degree,
    negativesPerQuery: kind === 'contrastive' ? negatives : Math.max(1, negatives),
  };
  return kind === 'margin' ? { kind, margin, ...shared } : { kind, ...shared };
}
