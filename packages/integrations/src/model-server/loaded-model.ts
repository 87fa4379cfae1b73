import type { Worker } from 'node:worker_threads';
import { noTelemetry, StudioError, type Telemetry } from '@embedding-studio/contracts';
import { startThread } from '@embedding-studio/ml/thread';
import { batchKey, rowsOf, splitOutputs, stackInputs } from './batching.ts';
import type { InferenceReply, InferenceWorkerData } from './inference-worker.ts';
import { RunStatistics } from './run-statistics.ts';
import type { Tensor } from './tensor-protocol.ts';

export interface LoadedModelSettings extends InferenceWorkerData {
  /** Rows run at once; more rows only add latency on a CPU. */
  batchRowsMax: number;
  /** Requests waiting; more are refused at once. */
  queueMax: number;
  /** Told of every run. */
  telemetry?: Telemetry;
}

export interface QueuedRequest {
  inputs: Tensor[];
  /** Lower numbers go first, as in Triton. */
  priority: number;
  /** From when on nobody waits for the answer; Infinity: never. */
  timeoutMs: number;
}

interface Waiting {
  inputs: Tensor[];
  key: string | null;
  priority: number;
  /** When it came, and from when on nobody waits for it any more, by `performance.now()`. */
  at: number;
  expiresAt: number;
  resolve: (outputs: Tensor[]) => void;
  reject: (error: unknown) => void;
}

/** A model in its own thread, with a queue that groups waiting requests into one run (dynamic batching). */
export class LoadedModel {
  private readonly queue: Waiting[] = [];
  private running: Waiting[] | null = null;
  private runningSince = 0;
  private jobId = 0;
  private isClosed = false;
  private onIdle: (() => void) | null = null;
  readonly statistics = new RunStatistics();

  private constructor(
    private readonly worker: Worker,
    private readonly settings: LoadedModelSettings,
    readonly facts: { inputs: string[]; outputs: string[]; executionProvider: string },
  ) {
    worker.on('message', (reply: InferenceReply) => this.settle(reply));
    worker.on('error', (error) => this.fail(error.message));
    worker.on('exit', () => this.fail('The model was unloaded or its thread ended.'));
  }

  static async load(settings: LoadedModelSettings): Promise<LoadedModel> {
    const data: InferenceWorkerData = {
      modelPath: settings.modelPath,
      threads: settings.threads,
      executionProviders: settings.executionProviders,
    };
    const worker = startThread(new URL('./inference-worker.ts', import.meta.url), data);
    const reply = await new Promise<InferenceReply>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new StudioError('MODEL_INVALID', 'The model thread ended while it loaded.')));
    });
    if (reply.kind !== 'ready') {
      await worker.terminate();
      throw new StudioError(
        'MODEL_INVALID',
        `ONNX Runtime cannot load the model: ${reply.kind === 'failed' ? reply.message : reply.kind}.`,
      );
    }
    return new LoadedModel(worker, settings, reply);
  }

  infer({ inputs, priority, timeoutMs }: QueuedRequest): Promise<Tensor[]> {
    if (this.isClosed) return Promise.reject(new StudioError('MODEL_NOT_FOUND', 'The model is not loaded.'));
    if (this.queue.length >= this.settings.queueMax) {
      return Promise.reject(
        new StudioError(
          'MODEL_SERVER_UNAVAILABLE',
          `The queue of the model is full (${this.settings.queueMax} requests); try again shortly.`,
        ),
      );
    }
    return new Promise((resolve, reject) => {
      const at = performance.now();
      const expiresAt = at + timeoutMs;
      const waiting: Waiting = { inputs, key: batchKey(inputs), priority, at, expiresAt, resolve, reject };
      const place = this.queue.findIndex((other) => other.priority > priority);
      if (place < 0) this.queue.push(waiting);
      else this.queue.splice(place, 0, waiting);
      // Requests that arrive in the same turn of the event loop share a run.
      setImmediate(() => this.runNext());
    });
  }

  /** Requests that wait. */
  get pending(): number {
    return this.queue.length;
  }

  /** Takes no more requests and answers those that wait; resolves when that is done or has taken too long. */
  async drain(limitMs: number): Promise<void> {
    this.isClosed = true;
    if (this.running === null && this.queue.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.onIdle = resolve;
      timer = setTimeout(resolve, limitMs);
    });
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.worker.terminate();
    this.fail('The model was unloaded.');
  }

  private runNext(): void {
    const first = this.running ? undefined : this.takeFirst();
    if (!first) {
      if (!this.running) this.onIdle?.();
      return;
    }
    const batch = [first];
    let rows = rowsOf(first.inputs);
    for (let i = 0; first.key !== null && i < this.queue.length; ) {
      const other = this.queue[i];
      const fits = other && other.key === first.key && rows + rowsOf(other.inputs) <= this.settings.batchRowsMax;
      if (!other || !fits) {
        i++;
        continue;
      }
      rows += rowsOf(other.inputs);
      batch.push(...this.queue.splice(i, 1));
    }
    this.running = batch;
    this.runningSince = performance.now();
    const inputs = batch.length === 1 ? first.inputs : stackInputs(batch.map((waiting) => waiting.inputs));
    this.worker.postMessage({ id: ++this.jobId, inputs });
  }

  /** Those that nobody waits for any more are not run. */
  private takeFirst(): Waiting | undefined {
    const now = performance.now();
    for (let first = this.queue.shift(); first !== undefined; first = this.queue.shift()) {
      if (first.expiresAt > now) return first;
      first.reject(new StudioError('MODEL_SERVER_UNAVAILABLE', 'The request waited for longer than its time-out.'));
    }
    return undefined;
  }

  private settle(reply: InferenceReply): void {
    const batch = this.running ?? [];
    this.running = null;
    this.record(batch, reply.kind !== 'done');
    if (reply.kind === 'done') {
      const outputs = splitOutputs(
        reply.outputs,
        batch.map((waiting) => rowsOf(waiting.inputs)),
      );
      for (const [index, waiting] of batch.entries()) waiting.resolve(outputs[index] ?? []);
    } else {
      const message = 'message' in reply ? reply.message : 'unexpected reply';
      for (const waiting of batch)
        waiting.reject(
          new StudioError('INPUT_INVALID', `The model refused the input: ${message}`, { field: 'inputs' }),
        );
    }
    this.runNext();
  }

  private record(batch: readonly Waiting[], isFailed: boolean): void {
    const queuedMs = batch.reduce((sum, { at }) => sum + this.runningSince - at, 0);
    const rows = batch.reduce((sum, { inputs }) => sum + rowsOf(inputs), 0);
    const ranMs = performance.now() - this.runningSince;
    this.statistics.record({
      ...{ requests: batch.length, isFailed, queuedNs: queuedMs * 1e6, rows, inferNs: ranMs * 1e6 },
    });
    const { telemetry = noTelemetry } = this.settings;
    const outcome = isFailed ? 'failed' : 'ok';
    const [first] = batch;
    telemetry.observe('embedding_studio_model_server_infer_duration_seconds', { outcome }, ranMs / 1_000);
    telemetry.observe('embedding_studio_model_server_batch_rows', {}, rows);
    if (first !== undefined)
      telemetry.observe(
        'embedding_studio_model_server_wait_duration_seconds',
        {},
        (this.runningSince - first.at) / 1_000,
      );
  }

  private fail(message: string): void {
    this.isClosed = true;
    const error = new StudioError('MODEL_SERVER_UNAVAILABLE', message);
    for (const waiting of [...(this.running ?? []), ...this.queue.splice(0)]) waiting.reject(error);
    this.running = null;
    this.onIdle?.();
  }
}
