import { expect, it } from 'vitest';
import { parseServerMetrics, readServerMetrics, writeServerMetrics } from '../../src/model-server/server-metrics.ts';

/** As Triton 2.51 writes them, shortened. */
const text = `# HELP nv_inference_request_success Number of successful inference requests, all batch sizes
# TYPE nv_inference_request_success counter
nv_inference_request_success{model="one",version="1"} 7
nv_inference_request_failure{model="one",reason="OTHER",version="1"} 1
nv_inference_request_failure{model="one",reason="REJECTED",version="1"} 2
nv_inference_count{model="one",version="1"} 12
nv_inference_exec_count{model="one",version="1"} 5
nv_inference_queue_duration_us{model="one",version="1"} 716
nv_inference_compute_infer_duration_us{model="one",version="1"} 34681
nv_inference_pending_request_count{model="one",version="1"} 3
nv_gpu_memory_total_bytes{gpu_uuid="GPU-1"} 80000000000
nv_gpu_memory_used_bytes{gpu_uuid="GPU-1"} 1200000000
nv_cpu_utilization 0.98
`;
const traffic = {
  ...{ model: 'one', succeeded: 7, failed: 3, rows: 12, runs: 5, queuedMs: 0.716, computedMs: 34.681, pending: 3 },
};

it('reads the metrics of a Triton: failures of all reasons together, and the memory of each GPU', () => {
  expect(parseServerMetrics(text)).toEqual({
    models: [traffic],
    gpus: [{ id: 'GPU-1', usedBytes: 1.2e9, totalBytes: 8e10 }],
  });
});

it('reads what the embedded server writes', () => {
  expect(parseServerMetrics(writeServerMetrics([traffic]))).toEqual({ models: [traffic], gpus: [] });
});

it('says where nothing can be read', async () => {
  const away = readServerMetrics('http://127.0.0.1:9/metrics', 500);
  await expect(away).rejects.toMatchObject({ code: 'MODEL_SERVER_UNAVAILABLE', message: /127\.0\.0\.1:9/ });
});
