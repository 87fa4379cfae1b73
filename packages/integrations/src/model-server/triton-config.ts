import type { ProtoMessage, ProtoWord } from './text-proto.ts';
import { writeTextProto } from './text-proto.ts';

/** A tensor of a model, without the batch axis; -1 is any length. */
export interface ServedTensor {
  name: string;
  datatype: 'INT64' | 'FP32';
  dims: readonly number[];
}

export interface ServedGraph {
  inputs: readonly ServedTensor[];
  output: ServedTensor;
}

/** How Triton serves a model; the embedded server reads none of it. */
export interface TritonServing {
  /** Rows of one run. */
  maxBatchRows: number;
  /** Longest wait for more requests that could share a run. */
  queueDelayMicroseconds: number;
  /** Requests that wait; more are refused at once. */
  queueRequestsMax: number;
  /** Copies of the model that run side by side, on every device. */
  instances: number;
  /** `auto`: on GPUs where there are some. */
  device: 'auto' | 'cpu' | 'gpu';
  /** Precision at which TensorRT runs what it can of the graph, on GPUs. */
  tensorRt: 'off' | 'fp32' | 'fp16';
  /** Runs samples before the model counts as ready, so that no user pays for the first run. */
  isWarmedUp: boolean;
}

export const defaultTritonServing: TritonServing = {
  maxBatchRows: 64,
  queueDelayMicroseconds: 500,
  queueRequestsMax: 1_000,
  instances: 1,
  device: 'auto',
  tensorRt: 'off',
  isWarmedUp: true,
};

const word = (text: string): ProtoWord => ({ word: text });
const kinds = { auto: 'KIND_AUTO', cpu: 'KIND_CPU', gpu: 'KIND_GPU' } as const;
const tensorRtWorkspaceBytes = 2 ** 30;
/** Where an axis may have any length: a query's usual one. */
const warmUpLength = 16;

export interface TritonModel {
  name: string;
  graph: ServedGraph;
  serving: TritonServing;
  /** Kept beside the model for whoever has to say whether it fits; Triton reads over it. */
  memoryBytes: number;
}

export const memoryParameter = 'studio_memory_bytes';

/**
 * `config.pbtxt` for Triton's ONNX Runtime backend.
 * Source: ModelConfig of triton-inference-server/common, protobuf/model_config.proto.
 */
export function writeTritonConfig({ name, graph, serving, memoryBytes }: TritonModel): string {
  const config: ProtoMessage = [
    ['name', name],
    ['backend', 'onnxruntime'],
    ['max_batch_size', serving.maxBatchRows],
    // A new model gets a new name: no folder ever holds two versions.
    ['version_policy', [['latest', [['num_versions', 1]]]]],
    ...graph.inputs.map((tensor) => ['input', describeTensor(tensor)] as const),
    ['output', describeTensor(graph.output)],
    [
      'instance_group',
      [
        ['count', serving.instances],
        ['kind', word(kinds[serving.device])],
      ],
    ],
    ['dynamic_batching', describeBatching(serving)],
    ...describeOptimization(serving),
    ...(serving.isWarmedUp ? describeWarmUps({ graph, serving }) : []),
    [
      'parameters',
      [
        ['key', memoryParameter],
        ['value', [['string_value', String(memoryBytes)]]],
      ],
    ],
  ];
  return writeTextProto(config);
}

function describeTensor({ name, datatype, dims }: ServedTensor): ProtoMessage {
  return [['name', name], ['data_type', word(`TYPE_${datatype}`)], ...dims.map((size) => ['dims', size] as const)];
}

/** Level 1 are queries, level 2 bulk work; what has waited longer than its sender does is not run any more. */
function describeBatching({ queueDelayMicroseconds, queueRequestsMax }: TritonServing): ProtoMessage {
  return [
    ['max_queue_delay_microseconds', queueDelayMicroseconds],
    ['priority_levels', 2],
    ['default_priority_level', 1],
    [
      'default_queue_policy',
      [
        ['timeout_action', word('REJECT')],
        ['allow_timeout_override', true],
        ['max_queue_size', queueRequestsMax],
      ],
    ],
  ];
}

function describeOptimization({ device, tensorRt }: TritonServing): ProtoMessage {
  if (tensorRt === 'off' || device === 'cpu') return [];
  const parameter = (key: string, value: string) =>
    [
      'parameters',
      [
        ['key', key],
        ['value', value],
      ],
    ] as const;
  const accelerator: ProtoMessage = [
    ['name', 'tensorrt'],
    parameter('precision_mode', tensorRt.toUpperCase()),
    parameter('max_workspace_size_bytes', String(tensorRtWorkspaceBytes)),
  ];
  return [['optimization', [['execution_accelerators', [['gpu_execution_accelerator', accelerator]]]]]];
}

/** One row as a query is, and a batch as ingestion sends them. Zeros are valid tokens and pictures alike. */
function describeWarmUps({ graph, serving }: Pick<TritonModel, 'graph' | 'serving'>): ProtoMessage {
  const sizes = [...new Set([1, Math.min(16, serving.maxBatchRows)])];
  return sizes.map((rows) => [
    'model_warmup',
    [
      ['name', `rows_${rows}`],
      ['batch_size', rows],
      ...graph.inputs.map(
        (tensor) =>
          [
            'inputs',
            [
              ['key', tensor.name],
              ['value', describeSample(tensor)],
            ],
          ] as const,
      ),
    ],
  ]);
}

function describeSample({ datatype, dims }: ServedTensor): ProtoMessage {
  return [
    ['data_type', word(`TYPE_${datatype}`)],
    ...dims.map((size) => ['dims', size === -1 ? warmUpLength : size] as const),
    ['zero_data', true],
  ];
}
