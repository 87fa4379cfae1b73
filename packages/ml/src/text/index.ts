export { loadTokenizer, planLengthBatches, type TextTokenizer, type TokenBatch } from './tokenizer.ts';
