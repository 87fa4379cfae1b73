import type { ErrorCode, ModelCheck, ValidationPoint } from '@embedding-studio/contracts';
import type { EncodingJob } from './encode-texts.ts';
import type { TimingJob } from './time-queries.ts';
import type { TrainerProgress, TrainerReport, TrainingJob } from './training-job.ts';

export type WorkerJob =
  | { kind: 'train'; job: TrainingJob }
  | { kind: 'encode'; job: EncodingJob }
  | { kind: 'time'; job: TimingJob }
  | { kind: 'check'; modelFolder: string }
  | { kind: 'quantize'; modelFolder: string; outputFolder: string };

export interface WorkerStart {
  job: WorkerJob;
  /** One 32-bit cell: not 0 = stop. Shared memory, because the runtime blocks the worker's event loop. */
  abort: SharedArrayBuffer;
}

export interface WorkerFailure {
  code: ErrorCode;
  message: string;
  publicMessage: string;
  field?: string;
}

export type WorkerResult =
  | { kind: 'train'; report: TrainerReport }
  | { kind: 'encode'; vectors: Float32Array; dims: number }
  | { kind: 'time'; times: number[][] }
  | { kind: 'check'; check: ModelCheck }
  | { kind: 'quantize' };

export type WorkerMessage =
  | { kind: 'training-progress'; progress: TrainerProgress }
  | { kind: 'training-validation'; point: ValidationPoint }
  | { kind: 'encoding-progress'; done: number; total: number }
  | { kind: 'warning'; fields: Record<string, unknown>; message: string }
  | { kind: 'done'; result: WorkerResult }
  | { kind: 'failed'; failure: WorkerFailure };
