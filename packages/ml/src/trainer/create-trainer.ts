import { type Log, StudioError, type Trainer, type TrainRequest } from '@embedding-studio/contracts';
import { runInWorker } from './run-in-worker.ts';
import type { TrainerProgress, TrainerReport } from './training-job.ts';
import type { WorkerJob, WorkerMessage, WorkerResult } from './worker-messages.ts';

export interface TrainerSettings {
  /** Tried in order; what is not available is logged and skipped. */
  executionProviders?: readonly string[];
  /** Threads for `encode`; training takes its own from the training settings. */
  threads: number;
  log: Log;
  /** How long an aborted job may take to save its checkpoint before its thread is stopped by force, milliseconds. */
  abortGraceMs?: number;
}

/** The port, saying more in progress and report. */
export interface OnnxTrainer extends Trainer {
  train(
    request: Omit<TrainRequest, 'onProgress'> & { onProgress: (progress: TrainerProgress) => void },
  ): Promise<TrainerReport>;
}

/** Fine-tunes and runs ONNX encoders, each job in a worker thread of its own. */
export function createTrainer({
  executionProviders = ['cuda', 'cpu'],
  threads,
  log,
  abortGraceMs = 30_000,
}: TrainerSettings): OnnxTrainer {
  // A provider found missing once is not tried again: every try costs time and a line on stderr.
  let providers = executionProviders;
  const warn = (fields: Record<string, unknown>, message: string) => {
    log.warn(fields, message);
    const usable = providers.filter((provider) => provider !== fields.provider);
    if (usable.length > 0) providers = usable;
  };
  const run = <Kind extends WorkerJob['kind']>(
    job: Extract<WorkerJob, { kind: Kind }>,
    { signal, onMessage }: { signal: AbortSignal; onMessage: (message: WorkerMessage) => void },
  ): Promise<Extract<WorkerResult, { kind: Kind }>> =>
    runInWorker({
      job,
      signal,
      graceMs: abortGraceMs,
      onMessage: (message) => {
        if (message.kind === 'warning') warn(message.fields, message.message);
        else onMessage(message);
      },
    }) as Promise<Extract<WorkerResult, { kind: Kind }>>;

  return {
    train: async ({ signal, onProgress, onValidation, ...request }) => {
      const onMessage = (message: WorkerMessage) => {
        if (message.kind === 'training-progress') onProgress(message.progress);
        if (message.kind === 'training-validation') onValidation?.(message.point);
      };
      const { report } = await run<'train'>(
        { kind: 'train', job: { ...request, executionProviders: providers } },
        { signal, onMessage },
      );
      return report;
    },
    encode: async ({ signal, onProgress, ...request }) => {
      const onMessage = (message: WorkerMessage) => {
        if (message.kind === 'encoding-progress') onProgress?.(message.done, message.total);
      };
      const job = { ...request, threads, executionProviders: providers };
      const { vectors, dims } = await run<'encode'>({ kind: 'encode', job }, { signal, onMessage });
      return splitVectors(vectors, { dims, count: request.texts.length });
    },
    timeQueries: async ({ signal, ...request }) => {
      const job = { ...request, threads, executionProviders: providers };
      return (await run<'time'>({ kind: 'time', job }, { signal, onMessage: () => {} })).times;
    },
    quantizeModel: async ({ signal, ...request }) => {
      await run<'quantize'>({ kind: 'quantize', ...request }, { signal, onMessage: () => {} });
    },
    checkModel: async (modelFolder, signal) => {
      const { check } = await run<'check'>({ kind: 'check', modelFolder }, { signal, onMessage: () => {} });
      return check;
    },
  };
}

function splitVectors(vectors: Float32Array, { dims, count }: { dims: number; count: number }): Float32Array[] {
  if (vectors.length !== dims * count) throw new StudioError('INTERNAL', 'The encoder gave a wrong number of values');
  return Array.from({ length: count }, (_, at) => vectors.slice(at * dims, (at + 1) * dims));
}
