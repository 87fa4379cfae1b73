import { StudioError, type Telemetry } from '@embedding-studio/contracts';
import {
  createModelServer,
  type ModelServerClient,
  type TritonServing,
} from '@embedding-studio/integrations/model-server';
import type { StudioSettings } from './settings.ts';

/** Loading may build an engine for TensorRT, which takes minutes. */
const loadTimeoutMs = { off: 120_000, fp32: 600_000, fp16: 600_000 } as const;

/** The embedded server or Triton, whichever is at TRITON_URL, over gRPC where TRITON_GRPC_URL is set. `namePrefix`: before the names of a project's models. */
export function openModelServer(
  settings: StudioSettings,
  { namePrefix, telemetry }: { namePrefix: string; telemetry: Telemetry },
): ModelServerClient {
  return createModelServer({
    url: settings.TRITON_GRPC_URL ?? settings.TRITON_URL,
    repositoryFolder: settings.MODEL_REPOSITORY_FOLDER,
    inferTimeoutMs: settings.INFER_TIMEOUT_MS,
    loadTimeoutMs: loadTimeoutMs[settings.TRITON_TENSORRT],
    ...{ namePrefix, telemetry },
    serving: servingOf(settings),
    ...(settings.MODEL_MEMORY_MEGABYTES !== undefined && {
      memoryBudgetBytes: settings.MODEL_MEMORY_MEGABYTES * 1_000_000,
    }),
  });
}

/** @throws StudioError SETTINGS_INVALID where one setting would refuse what another one sends */
export function servingOf(settings: StudioSettings): TritonServing {
  const { TRITON_BATCH_ROWS_MAX: maxBatchRows, EMBED_BATCH_TEXTS, TRITON_DEVICE: device, TRITON_TENSORRT } = settings;
  const faults = [
    ...(maxBatchRows < EMBED_BATCH_TEXTS ? ['TRITON_BATCH_ROWS_MAX: is less than EMBED_BATCH_TEXTS'] : []),
    ...(device === 'cpu' && TRITON_TENSORRT !== 'off' ? ['TRITON_TENSORRT: needs GPUs, TRITON_DEVICE is cpu'] : []),
  ];
  if (faults.length > 0)
    throw new StudioError('SETTINGS_INVALID', `Settings cannot be used:\n  ${faults.join('\n  ')}`);
  return {
    ...{ maxBatchRows, device, tensorRt: TRITON_TENSORRT, instances: settings.TRITON_INSTANCES },
    queueDelayMicroseconds: settings.TRITON_QUEUE_DELAY_MICROSECONDS,
    queueRequestsMax: settings.TRITON_QUEUE_REQUESTS_MAX,
    isWarmedUp: settings.TRITON_WARM_UP === 'on',
  };
}
