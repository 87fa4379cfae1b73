import { z } from 'zod';
import { defineSplitter } from '../spec/index.ts';
import { countWords, isLanguage, listSentences } from './text-segments.ts';
import { cutWindows } from './token-window.ts';

const Config = z.strictObject({
  language: z.string().refine(isLanguage, 'is no language tag such as en or pt-BR').default('en'),
  sentencesMax: z.number().int().min(1).max(100).default(3).describe('Sentences in one part.'),
  wordsMax: z
    .number()
    .int()
    .min(1)
    .max(2_000)
    .default(80)
    .describe('Words in one part; a longer sentence is cut between words.'),
});
type Config = z.infer<typeof Config>;

/** Whole sentences, as many as fit. */
export const sentences = defineSplitter<Config>({
  apiVersion: 1,
  kind: 'splitter',
  id: 'sentences',
  version: '1.0.0',
  title: 'Sentences',
  description:
    'Cuts a text between sentences (Unicode rules of the language) and puts as many into a part as fit. For texts whose sentences stand for themselves: reviews, articles, answers.',
  config: Config,
  needs: ['text'],
  split(text, { language, sentencesMax, wordsMax }) {
    const parts: string[] = [];
    let held: { texts: string[]; words: number } = { texts: [], words: 0 };
    const flush = () => {
      if (held.texts.length > 0) parts.push(held.texts.join(' '));
      held = { texts: [], words: 0 };
    };
    for (const sentence of listSentences(text, language)) {
      const words = countWords(sentence, language);
      if (held.texts.length >= sentencesMax || held.words + words > wordsMax) flush();
      if (words > wordsMax) parts.push(...cutWindows(sentence, { language, size: wordsMax, overlap: 0 }));
      else held = { texts: [...held.texts, sentence], words: held.words + words };
    }
    flush();
    return parts;
  },
});
