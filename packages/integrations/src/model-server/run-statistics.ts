import type { ModelTraffic } from './server-metrics.ts';

/** One run of a model over a batch of requests; times in nanoseconds. */
export interface RunTimes {
  requests: number;
  rows: number;
  /** Summed over the requests of the batch. */
  queuedNs: number;
  /** From the hand-over to the thread until its answer. */
  inferNs: number;
  isFailed: boolean;
}

interface Total {
  count: number;
  ns: number;
}

const kept = 1_000;
const none = (): Total => ({ count: 0, ns: 0 });
const add = (total: Total, count: number, ns: number): void => {
  total.count += count;
  total.ns += Math.round(ns);
};

/** What a model did since it was loaded, told as Triton's statistics extension does. */
export class RunStatistics {
  private readonly success = none();
  private readonly fail = none();
  private readonly queue = none();
  private readonly infer = none();
  private readonly byRows = new Map<number, Total>();
  private readonly recent: number[] = [];
  private rows = 0;
  private runs = 0;
  private lastAt = 0;

  record({ requests, rows, queuedNs, inferNs, isFailed }: RunTimes): void {
    this.lastAt = Date.now();
    if (isFailed) {
      add(this.fail, requests, queuedNs + inferNs * requests);
      return;
    }
    add(this.success, requests, queuedNs + inferNs * requests);
    add(this.queue, requests, queuedNs);
    add(this.infer, requests, inferNs * requests);
    const ofSize = this.byRows.get(rows) ?? none();
    add(ofSize, 1, inferNs);
    this.byRows.set(rows, ofSize);
    this.rows += rows;
    this.runs += 1;
    this.recent[(this.runs - 1) % kept] = inferNs;
  }

  /** For the server's metrics. */
  summarise(model: string, pending: number): ModelTraffic {
    return {
      ...{ model, succeeded: this.success.count, failed: this.fail.count, rows: this.rows, runs: this.runs, pending },
      ...{ queuedMs: this.queue.ns / 1e6, computedMs: this.infer.ns / 1e6 },
    };
  }

  /** Triton's fields, and beside them the percentiles of the last thousand runs, which Triton does not have. */
  describe(name: string) {
    const sorted = [...this.recent].sort((left, right) => left - right);
    const percentile = (share: number): number =>
      Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0);
    return {
      ...{ name, version: '1', last_inference: this.lastAt, inference_count: this.rows, execution_count: this.runs },
      inference_stats: {
        ...{ success: this.success, fail: this.fail, queue: this.queue },
        ...{ compute_input: none(), compute_infer: this.infer, compute_output: none() },
        ...{ cache_hit: none(), cache_miss: none() },
      },
      batch_stats: [...this.byRows]
        .sort(([left], [right]) => left - right)
        .map(([batch_size, compute_infer]) => ({ batch_size, compute_infer })),
      compute_infer_percentiles: { runs: sorted.length, p50_ns: percentile(0.5), p95_ns: percentile(0.95) },
    };
  }
}
