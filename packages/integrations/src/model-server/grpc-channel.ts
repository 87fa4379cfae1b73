import { StudioError } from '@embedding-studio/contracts';
import { type ChannelOptions, Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadService, type MethodName, messageLimits, methodOf } from './grpc-protocol.ts';
import { readRefusal } from './read-refusal.ts';
import type { Call } from './transport.ts';

/** Sends one message and resolves with the answer. */
export type AskServer = (name: MethodName, message: object, call: Call & { signal?: AbortSignal }) => Promise<object>;

export interface GrpcChannel {
  ask: AskServer;
  close(): void;
}

/** Reads change nothing, so that gRPC itself may send them again; inference is asked again by who asked for it. */
const reads: MethodName[] = ['ServerMetadata', 'RepositoryIndex', 'ModelStatistics'];

const serviceConfig = {
  methodConfig: [
    {
      name: reads.map((method) => ({ service: 'inference.GRPCInferenceService', method })),
      retryPolicy: {
        ...{ maxAttempts: 3, initialBackoff: '0.1s', maxBackoff: '1s', backoffMultiplier: 3 },
        retryableStatusCodes: ['UNAVAILABLE'],
      },
    },
  ],
};

const options: ChannelOptions = {
  ...messageLimits,
  'grpc.service_config': JSON.stringify(serviceConfig),
  // A server that is back is found at once, as over HTTP.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 500,
  'grpc.keepalive_timeout_ms': 10_000,
  // As over HTTP: never through a proxy that the environment names for other things.
  'grpc.enable_http_proxy': 0,
};

/**
 * A connection to `grpc(s)://host:port` that is made when it is needed. While something is asked of it the other side
 * has to answer pings every `pingMs`; Triton hangs up on who sends more than two in five minutes without data.
 */
export function openGrpcChannel(url: string, pingMs: number): GrpcChannel {
  const { protocol, host } = new URL(url);
  const secured = protocol === 'grpcs:' ? credentials.createSsl() : credentials.createInsecure();
  const client = new Client(host, secured, { ...options, 'grpc.keepalive_time_ms': pingMs });
  const service = loadService();
  const ask: AskServer = (name, message, { headers, timeoutMs, signal }) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(gaveUp());
      const method = methodOf(service, name);
      const metadata = new Metadata();
      for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
      const { path, requestSerialize, responseDeserialize } = method;
      const sent = client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        message,
        metadata,
        { deadline: Date.now() + timeoutMs },
        (error: ServiceError | null, answer?: object) => {
          signal?.removeEventListener('abort', stop);
          if (error !== null) reject(signal?.aborted ? gaveUp(error) : readFailure(error, timeoutMs));
          else resolve(answer ?? {});
        },
      );
      const stop = () => sent.cancel();
      signal?.addEventListener('abort', stop, { once: true });
    });
  return { ask, close: () => client.close() };
}

function gaveUp(cause?: Error): StudioError {
  return new StudioError('ABORTED', 'The caller gave up.', { cause });
}

/** By the HTTP status that means the same, so that both protocols fail alike. */
const httpStatus: Partial<Record<status, number>> = {
  [status.NOT_FOUND]: 404,
  ...{ [status.INVALID_ARGUMENT]: 400, [status.OUT_OF_RANGE]: 400, [status.FAILED_PRECONDITION]: 400 },
  ...{ [status.ALREADY_EXISTS]: 409, [status.RESOURCE_EXHAUSTED]: 413, [status.UNIMPLEMENTED]: 405 },
  ...{ [status.UNAUTHENTICATED]: 401, [status.PERMISSION_DENIED]: 403 },
};

function readFailure(error: ServiceError, timeoutMs: number): StudioError {
  const away = (why: string) =>
    new StudioError('MODEL_SERVER_UNAVAILABLE', `The model server ${why}.`, { cause: error });
  if (error.code === status.DEADLINE_EXCEEDED) return away(`did not answer within ${timeoutMs} ms`);
  return readRefusal(httpStatus[error.code] ?? 500, `${status[error.code]} ${error.details}`);
}
