import { type ModelLatency, type ServedModel, StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';
import type { ServerDescription } from './transport.ts';

/** Of the embedded server. */
export const serverDescription: ServerDescription = {
  name: 'embedding-studio-model-server',
  version: '1',
  extensions: ['binary_tensor_data', 'model_repository', 'schedule_policy', 'statistics'],
};

const Description = z.object({ name: z.string(), version: z.string(), extensions: z.array(z.string()).default([]) });

/** The answer of `/v2`. */
export function parseDescription(answer: unknown): ServerDescription {
  const parsed = Description.safeParse(answer);
  if (!parsed.success) throw unreadable('description');
  return parsed.data;
}

const Index = z.array(z.object({ name: z.string(), state: z.string().optional(), reason: z.string().nullish() }));

/** The answer of `/v2/repository/index`. Models that were never loaded may come without a state. */
export function parseIndex(answer: unknown): ServedModel[] {
  const parsed = Index.safeParse(answer);
  if (!parsed.success) throw unreadable('repository index');
  return parsed.data.map(({ name, state, reason }) => ({
    ...{ name, state: state || 'UNAVAILABLE', reason: reason || null },
  }));
}

const Total = z.object({ count: z.number().default(0), ns: z.number().default(0) });
const Statistics = z.object({
  model_stats: z.array(
    z.object({
      inference_count: z.number().default(0),
      execution_count: z.number().default(0),
      batch_stats: z.array(z.object({ batch_size: z.number(), compute_infer: Total })).default([]),
      compute_infer_percentiles: z.object({ runs: z.number(), p50_ns: z.number(), p95_ns: z.number() }).optional(),
    }),
  ),
});

/** The answer of `/v2/models/<name>/stats`: all versions of the model together. */
export function parseStatistics(answer: unknown): ModelLatency {
  const parsed = Statistics.safeParse(answer);
  if (!parsed.success) throw unreadable('statistics');
  const versions = parsed.data.model_stats;
  const sizes = versions.flatMap(({ batch_stats }) => batch_stats);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const runs = sum(sizes.map(({ compute_infer }) => compute_infer.count));
  const rows = sum(sizes.map(({ batch_size, compute_infer }) => batch_size * compute_infer.count));
  const ns = sum(sizes.map(({ compute_infer }) => compute_infer.ns));
  const percentiles = versions.map((version) => version.compute_infer_percentiles).find((one) => (one?.runs ?? 0) > 0);
  return {
    ...{ runs, rows },
    meanMs: runs === 0 ? null : ns / runs / 1e6,
    p50Ms: percentiles === undefined ? null : percentiles.p50_ns / 1e6,
    p95Ms: percentiles === undefined ? null : percentiles.p95_ns / 1e6,
    rowsPerSecond: ns === 0 ? null : rows / (ns / 1e9),
  };
}

function unreadable(what: string): StudioError {
  return new StudioError('MODEL_SERVER_UNAVAILABLE', `The ${what} of the model server cannot be read.`);
}
