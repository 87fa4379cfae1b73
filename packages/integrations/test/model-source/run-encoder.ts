import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Token ids, padded with zeros to the longest row, through an .onnx file in the real runtime. */
export async function runGraph(model: string | Uint8Array, rows: readonly (readonly number[])[]): Promise<number[][]> {
  const session = await InferenceSession.create(model as string, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const length = Math.max(...rows.map((row) => row.length));
  const cells = (read: (row: readonly number[], index: number) => number) =>
    BigInt64Array.from(rows.flatMap((row) => Array.from({ length }, (_, index) => BigInt(read(row, index)))));
  const dims = [rows.length, length];
  try {
    const columns: Record<string, (row: readonly number[], index: number) => number> = {
      input_ids: (row, index) => row[index] ?? 0,
      attention_mask: (row, index) => (index < row.length ? 1 : 0),
      token_type_ids: () => 0,
    };
    const feeds = session.inputNames.map((name) => [
      name,
      new Tensor('int64', cells(columns[name] ?? (() => 0)), dims),
    ]);
    const { sentence_embedding: output } = await session.run(Object.fromEntries(feeds));
    const values = [...((output?.data as Float32Array | undefined) ?? [])];
    const size = values.length / rows.length;
    return rows.map((_, index) => values.slice(index * size, (index + 1) * size));
  } finally {
    await session.release();
  }
}

/** Texts through the files of an artefact, as a server would do it. */
export async function encodeTexts(folder: string, texts: readonly string[]): Promise<number[][]> {
  const tokenizer = new Tokenizer(JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8')), {});
  return runGraph(
    join(folder, 'model.onnx'),
    texts.map((text) => tokenizer.encode(text).ids),
  );
}

export function cosine(a: readonly number[] | undefined, b: readonly number[] | undefined): number {
  return (a ?? []).reduce((sum, value, index) => sum + value * (b?.[index] ?? Number.NaN), 0);
}
