import type { ModelManifest } from '@embedding-studio/contracts';
import { StudioError } from '@embedding-studio/contracts';
import type { InferenceSession } from 'onnxruntime-node';
import { loadTokenizer, planLengthBatches, type TextTokenizer, type TokenBatch } from '../text/tokenizer.ts';
import { loadModelFolder } from './model-folder.ts';
import { floatsOf, openSession, type SessionOptions, toTensor } from './training-session.ts';

export interface EncodingJob {
  modelFolder: string;
  texts: readonly string[];
  kind: 'query' | 'item';
  threads: number;
  executionProviders: readonly string[];
}

export interface EncodingHost {
  isAborted(): boolean;
  onProgress(done: number, total: number): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

const batchTexts = 32;

/**
 * Unit vectors of the texts in their order, one after another in one array.
 * @throws StudioError MODEL_INVALID for wrong dims or non-finite values, ABORTED.
 */
export async function encodeTexts(
  job: EncodingJob,
  host: EncodingHost,
): Promise<{ vectors: Float32Array; dims: number }> {
  const { manifest, onnx, tokenizerJson } = loadModelFolder(job.modelFolder);
  const tokenizer = loadTokenizer(tokenizerJson, { maxTokens: manifest.maxTokens });
  const options: SessionOptions = { threads: job.threads, executionProviders: job.executionProviders, warn: host.warn };
  const { session } = await openSession(onnx, options);
  try {
    return { vectors: await encodeAll({ session, tokenizer, manifest }, job, host), dims: manifest.dims };
  } finally {
    await session.release();
  }
}

export interface OpenEncoder {
  session: InferenceSession;
  tokenizer: TextTokenizer;
  manifest: ModelManifest;
}

export async function encodeAll(
  encoder: OpenEncoder,
  job: Pick<EncodingJob, 'texts' | 'kind'>,
  host: Pick<EncodingHost, 'isAborted' | 'onProgress'>,
): Promise<Float32Array> {
  const { manifest, tokenizer } = encoder;
  const prefix = job.kind === 'query' ? manifest.queryPrefix : manifest.itemPrefix;
  const rows = job.texts.map((text) => tokenizer.tokenize(prefix + text));
  const vectors = new Float32Array(rows.length * manifest.dims);
  let done = 0;
  for (const indexes of planLengthBatches(
    rows.map((row) => row.length),
    batchTexts,
  )) {
    if (host.isAborted())
      throw new StudioError('ABORTED', `Encoding was aborted after ${done} of ${rows.length} texts`);
    const batch = tokenizer.padRows(indexes.map((index) => rows[index] ?? []));
    const found = await encodeTokens(encoder.session, batch, manifest);
    indexes.forEach((index, at) => {
      vectors.set(found.subarray(at * manifest.dims, (at + 1) * manifest.dims), index * manifest.dims);
    });
    done += indexes.length;
    host.onProgress(done, rows.length);
  }
  return vectors;
}

/** The vectors of one padded batch, row after row. */
export async function encodeTokens(
  session: InferenceSession,
  batch: TokenBatch,
  manifest: Pick<ModelManifest, 'inputs' | 'output' | 'dims'>,
): Promise<Float32Array> {
  const arrays = { input_ids: batch.inputIds, attention_mask: batch.attentionMask, token_type_ids: batch.tokenTypeIds };
  const dims = [batch.rows, batch.columns];
  const feeds = manifest.inputs.map((name) => [name, toTensor({ type: 'int64', dims, values: arrays[name] })] as const);
  const out = await session.run(Object.fromEntries(feeds));
  const values = floatsOf(out[manifest.output], manifest.output);
  if (values.length !== batch.rows * manifest.dims) {
    throw new StudioError(
      'MODEL_INVALID',
      `The model gave ${values.length} values for ${batch.rows} texts of ${manifest.dims} dims`,
    );
  }
  if (!values.every(Number.isFinite))
    throw new StudioError('MODEL_INVALID', 'The model gave values that are not finite numbers');
  return values;
}
