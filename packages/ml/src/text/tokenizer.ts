import { StudioError } from '@embedding-studio/contracts';
import { Tokenizer } from '@huggingface/tokenizers';

/** Padded token ids of several texts, row-major `[rows, columns]`; `attentionMask` is 0 on padding. */
export interface TokenBatch {
  rows: number;
  columns: number;
  inputIds: BigInt64Array;
  attentionMask: BigInt64Array;
  tokenTypeIds: BigInt64Array;
}

export interface TextTokenizer {
  readonly maxTokens: number;
  /** Token ids of one text, special tokens included, at most `maxTokens`; never empty. */
  tokenize(text: string): number[];
  /** Pads already tokenised rows to the longest of them. Order is kept. */
  padRows(rows: readonly (readonly number[])[]): TokenBatch;
  /** Tokenises and pads in the order given; see `planLengthBatches` for cheap batches. */
  encodeBatch(texts: readonly string[]): TokenBatch;
}

/**
 * A tokenizer from the text of an artefact's `tokenizer.json`. A long text is cut so that its closing special tokens stay.
 * @throws StudioError MODEL_INVALID when the file is not a readable tokenizer or `maxTokens` leaves no room for text.
 */
export function loadTokenizer(tokenizerJson: string, { maxTokens }: { maxTokens: number }): TextTokenizer {
  const { tokenizer, padId } = parseTokenizer(tokenizerJson);
  const special = findSpecialTokens(tokenizer);
  const room = maxTokens - special.before.length - special.after.length;
  if (room < 1) throw new StudioError('MODEL_INVALID', `maxTokens is ${maxTokens}: no room for text tokens`);

  const tokenize = (text: string): number[] => {
    const words = tokenizer.encode(text.trim(), { add_special_tokens: false }).ids;
    const ids = [...special.before, ...words.slice(0, room), ...special.after];
    return ids.length > 0 ? ids : [padId];
  };
  const padRows = (rows: readonly (readonly number[])[]) => packRows(rows, padId);
  return { maxTokens, tokenize, padRows, encodeBatch: (texts) => padRows(texts.map(tokenize)) };
}

function parseTokenizer(tokenizerJson: string): { tokenizer: Tokenizer; padId: number } {
  try {
    const parsed = JSON.parse(tokenizerJson) as { padding?: { pad_id?: number } | null };
    return { tokenizer: new Tokenizer(parsed, {}), padId: parsed.padding?.pad_id ?? 0 };
  } catch (error) {
    throw new StudioError('MODEL_INVALID', 'tokenizer.json is not a readable tokenizer', { cause: error });
  }
}

function findSpecialTokens(tokenizer: Tokenizer): { before: number[]; after: number[] } {
  const probe = 'a';
  const bare = tokenizer.encode(probe, { add_special_tokens: false }).ids;
  const full = tokenizer.encode(probe).ids;
  const start = full.findIndex((_, at) => bare.every((id, offset) => full[at + offset] === id));
  if (bare.length === 0 || start < 0)
    throw new StudioError('MODEL_INVALID', 'tokenizer.json turns a letter into no token');
  return { before: full.slice(0, start), after: full.slice(start + bare.length) };
}

function packRows(rows: readonly (readonly number[])[], padId: number): TokenBatch {
  const columns = rows.reduce((longest, row) => Math.max(longest, row.length), 1);
  const inputIds = new BigInt64Array(rows.length * columns).fill(BigInt(padId));
  const attentionMask = new BigInt64Array(rows.length * columns);
  rows.forEach((row, r) => {
    row.forEach((id, c) => {
      inputIds[r * columns + c] = BigInt(id);
      attentionMask[r * columns + c] = 1n;
    });
  });
  return {
    rows: rows.length,
    columns,
    inputIds,
    attentionMask,
    tokenTypeIds: new BigInt64Array(rows.length * columns),
  };
}

/** Indexes grouped so that texts of like length share a batch: padding costs as much as text. */
export function planLengthBatches(lengths: readonly number[], batchSize: number): number[][] {
  const order = lengths.map((_, index) => index).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
  const batches: number[][] = [];
  for (let at = 0; at < order.length; at += batchSize) batches.push(order.slice(at, at + batchSize));
  return batches;
}
