export {
  buildSpellingIndex,
  type CountedWord,
  countEdits,
  type NearWord,
  type SpellingIndex,
} from './spelling-index.ts';
export { loadTokenizer, planLengthBatches, type TextTokenizer, type TokenBatch } from './tokenizer.ts';
