export {
  createModelServer,
  type ModelServerClient,
  type ModelServerClientSettings,
} from './client.ts';
export { createEncoder, type EncoderSettings } from './encoder.ts';
export * from './guard-queries.ts';
export { type ModelServerSettings, type RunningModelServer, startModelServer } from './server.ts';
export { type ModelTraffic, readServerMetrics, type ServerMetrics } from './server-metrics.ts';
export type { Tensor } from './tensor-protocol.ts';
export type { InferRequest, ServerDescription } from './transport.ts';
export { defaultTritonServing, type TritonServing } from './triton-config.ts';
