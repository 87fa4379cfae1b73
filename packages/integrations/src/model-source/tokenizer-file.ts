import { StudioError } from '@embedding-studio/contracts';
import { z } from 'zod';

const wordBoundary = '▁';
// Pieces without a score in the published vocabulary must stay below every real one.
const missingScore = -99;

/** `tokenizer.json` without its own cutting and padding: both are decided by the manifest and the batch. */
export function toPlainTokenizer(tokenizer: unknown): Record<string, unknown> {
  const parsed = z.looseObject({ model: z.looseObject({ type: z.string() }) }).safeParse(tokenizer);
  if (!parsed.success) throw new StudioError('MODEL_INVALID', 'tokenizer.json has no model with a type.');
  return { ...parsed.data, truncation: null, padding: null };
}

/** SentencePiece unigram vocabulary, `[piece, score | null][]` → `tokenizer.json`. */
export function toUnigramTokenizer(vocabulary: unknown): Record<string, unknown> {
  const parsed = z.array(z.tuple([z.string(), z.number().nullable()])).safeParse(vocabulary);
  if (!parsed.success) throw new StudioError('MODEL_INVALID', 'vocab.json is not a list of pieces and scores.');
  const metaspace = { type: 'Metaspace', replacement: wordBoundary, prepend_scheme: 'always' };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: { type: 'NFKC' },
    pre_tokenizer: { ...metaspace, split: false },
    post_processor: null,
    decoder: metaspace,
    model: { type: 'Unigram', unk_id: 0, vocab: parsed.data.map(([piece, score]) => [piece, score ?? missingScore]) },
  };
}
