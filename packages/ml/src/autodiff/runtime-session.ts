import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { encodeModel, graphUnsupported, modelInvalid, type OnnxModel } from '../onnx/index.ts';

export type Feeds = Readonly<Record<string, Tensor>>;

export interface RuntimeOptions {
  /** Threads inside one operator. */
  readonly threads: number;
  readonly optimization: 'disabled' | 'basic' | 'extended' | 'all';
}

/** Opens a CPU session, lends it to `work`, and releases it. Runs block the thread: use a worker for large models. */
export async function withSession<Result>(
  model: OnnxModel,
  options: RuntimeOptions,
  work: (run: (feeds: Feeds) => Promise<Record<string, Tensor>>) => Promise<Result>,
): Promise<Result> {
  const session = await openSession(model, options);
  try {
    return await work((feeds) => session.run(pickFeeds(session, feeds)) as Promise<Record<string, Tensor>>);
  } finally {
    await session.release();
  }
}

async function openSession(model: OnnxModel, options: RuntimeOptions): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(encodeModel(model), {
      executionProviders: ['cpu'],
      graphOptimizationLevel: options.optimization,
      intraOpNumThreads: options.threads,
      logSeverityLevel: 3,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw graphUnsupported(`ONNX Runtime refused the graph: ${reason}`);
  }
}

function pickFeeds(session: InferenceSession, feeds: Feeds): Record<string, Tensor> {
  return Object.fromEntries(
    session.inputNames.map((name) => {
      const tensor = feeds[name];
      if (!tensor) throw modelInvalid(`No value was given for the graph input ${name}`);
      return [name, tensor];
    }),
  );
}
