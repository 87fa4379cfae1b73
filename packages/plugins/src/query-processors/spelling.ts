import { z } from 'zod';
import { defineQueryProcessor, pluginApiVersion, type SimilarWord, type Vocabulary } from '../spec/index.ts';

const Config = z.strictObject({
  wordLettersMin: z
    .int()
    .min(3)
    .max(20)
    .default(4)
    .describe('Shorter words are left alone: too many others are near them.'),
  twoEditsLettersMin: z.int().min(4).max(30).default(9).describe('Words of this length may be off by two letters.'),
  itemsMin: z.int().min(1).max(1_000_000).default(2).describe('A correction is found in at least so many items.'),
  wordsMax: z.int().min(1).max(10).default(3).describe('Queries with more unknown words are left alone.'),
});
type Config = z.infer<typeof Config>;

const wordPattern = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;

/** Replaces words that no item contains by the nearest that some do. */
export const spelling = defineQueryProcessor<Config>({
  apiVersion: pluginApiVersion,
  kind: 'query-processor',
  id: 'spelling',
  version: '1.0.0',
  title: 'Spelling correction',
  description:
    'Replaces a word that no item contains by the word of the catalogue with the fewest edits (at most two), the ' +
    'commonest among equals. Words that any item contains are never touched, nor are numbers and short words. Queries of ' +
    'known words are answered from memory; unknown ones are looked up.',
  config: Config,
  needs: ['text', 'vocabulary'],
  async process({ text }, config, { vocabulary }) {
    if (vocabulary === null) return { text, reasons: [] };
    const corrections = await findCorrections(text, { config, vocabulary });
    if (corrections.size === 0) return { text, reasons: [] };
    return {
      text: text.replace(wordPattern, (word) => corrections.get(word) ?? word),
      reasons: [...corrections].map(([word, better]) => `“${word}” is in no item: searched for “${better}”`),
    };
  },
});

async function findCorrections(
  text: string,
  { config, vocabulary }: { config: Config; vocabulary: Vocabulary },
): Promise<Map<string, string>> {
  const words = [...new Set(text.match(wordPattern) ?? [])];
  const counts = await vocabulary.countItems(words);
  const unknown = words.filter((_, at) => counts[at] === 0);
  const corrections = new Map<string, string>();
  if (unknown.length > config.wordsMax) return corrections;
  for (const word of unknown) {
    if (word.length < config.wordLettersMin) continue;
    const edits = word.length >= config.twoEditsLettersMin ? 2 : 1;
    const best = chooseBest(word, await vocabulary.findSimilar(word.toLowerCase(), { edits, limit: 5 }), config);
    if (best !== null) corrections.set(word, best);
  }
  return corrections;
}

/** People seldom miss the first letter: a word that keeps it beats one that does not. */
function chooseBest(word: string, similar: readonly SimilarWord[], { itemsMin }: Config): string | null {
  const first = word.slice(0, 1).toLowerCase();
  const order = (each: SimilarWord) => each.edits + (each.word.startsWith(first) ? 0 : 0.5);
  const usable = similar.filter((each) => each.items >= itemsMin);
  const [best] = usable.sort((a, b) => order(a) - order(b) || b.items - a.items || (a.word < b.word ? -1 : 1));
  return best?.word ?? null;
}
