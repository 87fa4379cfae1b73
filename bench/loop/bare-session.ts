import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTokenizer, type TextTokenizer, type TokenBatch } from '@embedding-studio/ml/text';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Bench } from './open-bench.ts';

/** ONNX Runtime alone, in this process, with the session options of the model server: the same threads, which sleep when idle. */
export async function openBareSession({ files, threads }: Bench): Promise<InferenceSession> {
  return InferenceSession.create(join(files.folder, 'model.onnx'), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

export async function openTokenizer({ files }: Bench): Promise<TextTokenizer> {
  const json = await readFile(join(files.folder, 'tokenizer.json'), 'utf8');
  return loadTokenizer(json, { maxTokens: files.manifest.maxTokens });
}

export function feedsOf(bench: Bench, batch: TokenBatch): Record<string, Tensor> {
  const arrays = { input_ids: batch.inputIds, attention_mask: batch.attentionMask, token_type_ids: batch.tokenTypeIds };
  const dims = [batch.rows, batch.columns];
  return Object.fromEntries(
    bench.files.manifest.inputs.map((name) => [name, new Tensor('int64', arrays[name], dims)] as const),
  );
}
