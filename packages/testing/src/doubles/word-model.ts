import { createHash } from 'node:crypto';
import { StudioError } from '@embedding-studio/contracts';
import { applyAdapter, decodeAdapter } from '@embedding-studio/ml/adapters';

/**
 * A model small enough to read: a text is the sum of its words' vectors, a word being replaced by what `synonyms` says
 * it means. Its `model.onnx` is the JSON of this object.
 */
export interface WordModel {
  synonyms: Record<string, string>;
  /** Move the sum, one after the other; each as `encodeAdapter` writes it, base64. */
  adapters?: string[];
}

export const wordModelDims = 48;

export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

export function parseWordModel(bytes: Uint8Array): WordModel {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as WordModel;
  } catch (cause) {
    throw new StudioError('MODEL_INVALID', 'This is no word model.', { cause });
  }
}

export function embedWords(model: WordModel, text: string): Float32Array {
  const sum = new Float32Array(wordModelDims);
  for (const word of wordsOf(text)) addWord(sum, model.synonyms[word] ?? word);
  const length = Math.hypot(...sum);
  if (length === 0) addWord(sum, 'nothing');
  const norm = Math.hypot(...sum);
  const unit = sum.map((value) => value / norm);
  return (model.adapters ?? []).reduce<Float32Array>(
    (vector, encoded) => applyAdapter(decodeAdapter(Buffer.from(encoded, 'base64')), vector),
    unit,
  );
}

function addWord(sum: Float32Array, word: string): void {
  const hash = createHash('sha512').update(word).digest();
  for (let index = 0; index < sum.length; index++) sum[index] = (sum[index] ?? 0) + (hash[index] ?? 0) / 255 - 0.5;
}
