import { StudioError } from '@embedding-studio/contracts';

/** What a server tells of one model since it was loaded; times summed over requests. */
export interface ModelTraffic {
  model: string;
  succeeded: number;
  failed: number;
  /** Rows, and runs over batches of them. */
  rows: number;
  runs: number;
  queuedMs: number;
  computedMs: number;
  /** Waiting now. */
  pending: number;
}

export interface ServerMetrics {
  models: ModelTraffic[];
  gpus: { id: string; usedBytes: number; totalBytes: number }[];
}

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const answerBytesMax = 4 * 2 ** 20;
const linePattern = /^([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})?\s+(\S+)/;

/**
 * Reads the metrics of Triton, or of the embedded server, which tells its own under the same names.
 * Source: triton-inference-server/server, docs/user_guide/metrics.md.
 * @throws StudioError MODEL_SERVER_UNAVAILABLE where nothing can be read at the address
 */
export async function readServerMetrics(url: string, timeoutMs: number): Promise<ServerMetrics> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).catch((cause: unknown) => {
    throw new StudioError('MODEL_SERVER_UNAVAILABLE', `No metrics can be read at ${url}.`, { cause });
  });
  const text = answer.ok ? await answer.text() : '';
  if (!answer.ok || text.length > answerBytesMax)
    throw new StudioError('MODEL_SERVER_UNAVAILABLE', `No metrics can be read at ${url}: status ${answer.status}.`);
  return parseServerMetrics(text);
}

export function parseServerMetrics(text: string): ServerMetrics {
  const samples = text.split('\n').flatMap((line) => parseLine(line) ?? []);
  const models = [...new Set(samples.flatMap(({ labels }) => labels.model ?? []))];
  const gpus = [...new Set(samples.flatMap(({ labels }) => labels.gpu_uuid ?? []))];
  const sum = (name: string, label: 'model' | 'gpu_uuid', value: string): number =>
    samples
      .filter((sample) => sample.name === name && sample.labels[label] === value)
      .reduce((total, sample) => total + sample.value, 0);
  return {
    models: models.sort().map((model) => toTraffic(model, (name) => sum(name, 'model', model))),
    gpus: gpus.sort().map((id) => ({
      id,
      usedBytes: sum('nv_gpu_memory_used_bytes', 'gpu_uuid', id),
      totalBytes: sum('nv_gpu_memory_total_bytes', 'gpu_uuid', id),
    })),
  };
}

function toTraffic(model: string, sum: (name: string) => number): ModelTraffic {
  return {
    model,
    succeeded: sum('nv_inference_request_success'),
    failed: sum('nv_inference_request_failure'),
    rows: sum('nv_inference_count'),
    runs: sum('nv_inference_exec_count'),
    queuedMs: sum('nv_inference_queue_duration_us') / 1_000,
    computedMs: sum('nv_inference_compute_infer_duration_us') / 1_000,
    pending: sum('nv_inference_pending_request_count'),
  };
}

function parseLine(line: string): Sample | null {
  const [, name = '', labels = '', value = ''] = linePattern.exec(line) ?? [];
  const number = Number(value);
  if (name === '' || value === '' || Number.isNaN(number)) return null;
  const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text] as const);
  return { name, labels: Object.fromEntries(pairs), value: number };
}

/** Prometheus text of the same facts, for the embedded server. */
export function writeServerMetrics(models: readonly ModelTraffic[]): string {
  const lines = models.flatMap((traffic) => {
    const line = (name: string, value: number) => `${name}{model="${traffic.model}",version="1"} ${Math.round(value)}`;
    return [
      line('nv_inference_request_success', traffic.succeeded),
      line('nv_inference_request_failure', traffic.failed),
      line('nv_inference_count', traffic.rows),
      line('nv_inference_exec_count', traffic.runs),
      line('nv_inference_queue_duration_us', traffic.queuedMs * 1_000),
      line('nv_inference_compute_infer_duration_us', traffic.computedMs * 1_000),
      line('nv_inference_pending_request_count', traffic.pending),
    ];
  });
  return `${lines.join('\n')}\n`;
}
