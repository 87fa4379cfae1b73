import { StudioError } from '@embedding-studio/contracts';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { GraphInput } from './batch-tensors.ts';

export interface SessionOptions {
  threads: number;
  /** Tried in this order; the first that opens runs everything. */
  executionProviders: readonly string[];
  warn: (fields: Record<string, unknown>, message: string) => void;
}

export interface OpenedSession {
  session: InferenceSession;
  executionProvider: string;
}

/**
 * Opens a session on the first provider that works; a refused one is logged, the last one's refusal is thrown.
 * @throws StudioError MODEL_INVALID with the runtime's reason.
 */
export async function openSession(model: Uint8Array, options: SessionOptions): Promise<OpenedSession> {
  const providers = options.executionProviders.length > 0 ? options.executionProviders : ['cpu'];
  for (const provider of providers.slice(0, -1)) {
    try {
      return { session: await createSession(model, provider, options.threads), executionProvider: provider };
    } catch (error) {
      options.warn({ provider, reason: messageOf(error) }, 'execution provider is not available');
    }
  }
  const last = providers.at(-1) ?? 'cpu';
  try {
    return { session: await createSession(model, last, options.threads), executionProvider: last };
  } catch (error) {
    throw new StudioError('MODEL_INVALID', `ONNX Runtime refused the model: ${messageOf(error)}`, { cause: error });
  }
}

function createSession(model: Uint8Array, provider: string, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // Spinning threads starve the other processes of the machine and gain little on an idle one.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function toTensor(input: GraphInput): Tensor {
  return input.type === 'float32'
    ? new Tensor('float32', input.values, input.dims)
    : new Tensor('int64', input.values, input.dims);
}

/** The float values of a runtime output; a copy is not made. */
export function floatsOf(tensor: { data: unknown } | undefined, name: string): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new StudioError('MODEL_INVALID', `The graph gave no float values for ${name}`);
}
