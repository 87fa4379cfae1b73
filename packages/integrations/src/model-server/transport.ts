import type { ModelLatency, ServedModel } from '@embedding-studio/contracts';
import type { Tensor } from './tensor-protocol.ts';

export interface InferRequest {
  model: string;
  inputs: Tensor[];
  output: string;
  /** 1 = interactive, 2 = bulk. */
  priority: 1 | 2;
  signal?: AbortSignal;
}

/** What a server says of itself. */
export interface ServerDescription {
  name: string;
  version: string;
  extensions: string[];
}

/** Of one request. */
export interface Call {
  /** Carried along: the context of the trace. */
  headers: Record<string, string>;
  timeoutMs: number;
}

/**
 * KServe v2 over one protocol; names are the server's own.
 * Every method throws StudioErrors: MODEL_SERVER_UNAVAILABLE where the server is away, silent or unreadable,
 * MODEL_NOT_FOUND for a model that it does not have or has not loaded, MODEL_INVALID for what it refuses.
 */
export interface ModelServerTransport {
  describeServer(call: Call): Promise<ServerDescription>;
  /** Resolves where the server takes requests. */
  probeServer(call: Call): Promise<void>;
  probeModel(name: string, call: Call): Promise<void>;
  readIndex(call: Call): Promise<ServedModel[]>;
  loadModel(name: string, call: Call): Promise<void>;
  unloadModel(name: string, call: Call): Promise<void>;
  readLatency(name: string, call: Call): Promise<ModelLatency>;
  infer(request: InferRequest, call: Call): Promise<Tensor>;
  close(): Promise<void>;
}
