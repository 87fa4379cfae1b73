import { z } from 'zod';
import { defineSplitter, type Splitter } from '../spec/index.ts';
import { isLanguage, listSegments, type TextSegment } from './text-segments.ts';

const Config = z
  .strictObject({
    size: z
      .number()
      .int()
      .min(1)
      .max(8_192)
      .default(64)
      .describe('Words in one part; tokens where the splitter counts those.'),
    overlap: z
      .number()
      .int()
      .min(0)
      .max(4_096)
      .default(8)
      .describe('How many of them a part repeats of the one before.'),
    language: z.string().refine(isLanguage, 'is no language tag such as en or pt-BR').default('en'),
  })
  .refine(({ size, overlap }) => overlap < size, { path: ['overlap'], message: 'must be smaller than size' });
type Config = z.infer<typeof Config>;

export interface TokenCounter {
  /** Tokens of one word as it stands in a text; at least 1. */
  countTokens?: (word: string) => number;
}

/**
 * A splitter of windows of words, or of tokens where it is given the counter of a tokenizer. Windows begin and end
 * between words.
 */
export function createTokenWindow({
  countTokens,
  id,
  title,
}: TokenCounter & { id: string; title: string }): Splitter<Config> {
  const unit = countTokens === undefined ? 'words' : 'tokens';
  return defineSplitter<Config>({
    apiVersion: 1,
    kind: 'splitter',
    ...{ id, title },
    version: '1.0.0',
    description: `Cuts a text into windows of so many ${unit} that overlap, so that nothing is lost at a border. For long texts without much structure.`,
    config: Config,
    needs: ['text'],
    split: (text, config) => cutWindows(text, { ...config, countTokens }),
  });
}

/** Parts belong to the item and outlive every model, so that no tokenizer is at hand: words are counted. */
export const wordWindow = createTokenWindow({ id: 'word-window', title: 'Windows of words' });

interface Word {
  /** The word and what follows it up to the next one. */
  text: string;
  tokens: number;
}

export function cutWindows(
  text: string,
  config: { size: number; overlap: number; language: string } & TokenCounter,
): string[] {
  const words = joinWords(listSegments(text, config.language), config.countTokens);
  const parts: string[] = [];
  for (let start = 0; start < words.length; ) {
    const end = endOf(words, start, config.size);
    const part = words
      .slice(start, end)
      .map((word) => word.text)
      .join('')
      .trim();
    if (part !== '') parts.push(part);
    if (end >= words.length) break;
    start = Math.max(start + 1, startOfOverlap(words, end, config.overlap));
  }
  return parts;
}

/** Signs before the first word belong to it, all others to the word before them. */
function joinWords(segments: readonly TextSegment[], countTokens: TokenCounter['countTokens']): Word[] {
  const words: Word[] = [];
  let lead = '';
  for (const { text, isWord } of segments) {
    const last = words.at(-1);
    if (isWord) {
      words.push({ text: lead + text, tokens: Math.max(1, countTokens?.(text) ?? 1) });
      lead = '';
    } else if (last === undefined) lead += text;
    else last.text += text;
  }
  return words.length === 0 && lead.trim() !== '' ? [{ text: lead, tokens: 1 }] : words;
}

/** A word that alone exceeds the window is one all the same. */
function endOf(words: readonly Word[], start: number, size: number): number {
  let tokens = 0;
  let end = start;
  while (end < words.length && (end === start || tokens + (words[end]?.tokens ?? 0) <= size)) {
    tokens += words[end]?.tokens ?? 0;
    end += 1;
  }
  return end;
}

function startOfOverlap(words: readonly Word[], end: number, overlap: number): number {
  let tokens = 0;
  let start = end;
  while (start > 0 && tokens + (words[start - 1]?.tokens ?? 0) <= overlap) {
    start -= 1;
    tokens += words[start]?.tokens ?? 0;
  }
  return start;
}
