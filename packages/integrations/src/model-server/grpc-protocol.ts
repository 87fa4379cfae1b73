import { fileURLToPath } from 'node:url';
import type { ChannelOptions } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import type { TensorHeader } from './tensor-protocol.ts';

const path = fileURLToPath(new URL('./kserve.proto', import.meta.url));
const serviceName = 'inference.GRPCInferenceService';

/** Counters are numbers: above 2^53, a hundred days in nanoseconds, the last digits are lost. */
const reading = { keepCase: true, longs: Number, defaults: true, oneofs: true } as const;

export type MethodName =
  | ('ServerLive' | 'ServerReady' | 'ServerMetadata' | 'ModelReady' | 'ModelMetadata' | 'ModelInfer')
  | ('ModelStatistics' | 'RepositoryIndex' | 'RepositoryModelLoad' | 'RepositoryModelUnload');

/** The service's methods by name, with what turns messages into bytes and back. */
export function loadService(): ServiceDefinition {
  const service = loadSync(path, reading)[serviceName];
  if (service === undefined || 'format' in service) throw new TypeError(`${path} has no service ${serviceName}`);
  return service;
}

export function methodOf(service: ServiceDefinition, name: MethodName): MethodDefinition<object, object> {
  const method = service[name];
  if (method === undefined) throw new TypeError(`${serviceName} has no method ${name}`);
  return method;
}

export interface InferParameter {
  int64_param?: number;
  uint64_param?: number;
}

export interface InferMessage {
  model_name: string;
  id: string;
  parameters: Record<string, InferParameter>;
  inputs: TensorHeader[];
  outputs: { name: string }[];
  raw_input_contents: Buffer[];
}

export interface InferAnswer {
  outputs: TensorHeader[];
  raw_output_contents: Buffer[];
}

/** Most that one message may take, either way; the embedded server's bodies over HTTP have the same limit. */
export const messageBytesMax = 64 * 1024 * 1024;

export const messageLimits: ChannelOptions = {
  'grpc.max_send_message_length': messageBytesMax,
  'grpc.max_receive_message_length': messageBytesMax,
};
