import type { LinearAdapter, TrainingProgress, TrainingReport, ValidationPoint } from '@embedding-studio/contracts';
import type { WorkerFailure } from '../trainer/worker-messages.ts';
import type { AdapterJob } from './train-adapter.ts';

export interface AdapterStart {
  job: AdapterJob;
  /** One 32-bit cell: not 0 = stop. Shared memory, because steps block the worker's event loop. */
  abort: SharedArrayBuffer;
}

export type AdapterMessage =
  | { kind: 'progress'; progress: TrainingProgress }
  | { kind: 'validation'; point: ValidationPoint }
  | { kind: 'done'; adapter: LinearAdapter; report: TrainingReport }
  | { kind: 'failed'; failure: WorkerFailure };
