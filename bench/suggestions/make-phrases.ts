import { createRandom } from '@embedding-studio/ml/ranking';
import { phraseKey } from '@embedding-studio/ml/suggestion';

const onsets = [
  'b',
  'br',
  'c',
  'ch',
  'd',
  'dr',
  'f',
  'g',
  'gr',
  'h',
  'j',
  'k',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  'st',
  't',
];
const vowels = ['a', 'e', 'i', 'o', 'u', 'ea', 'oo'];
const codas = ['', 'n', 'r', 's', 't', 'l', 'nd', 'ck'];

type Random = () => number;
const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)] as T;

/** Few words are in most phrases and most words in few, as in queries. */
function makeVocabulary(size: number, random: Random): string[] {
  const words = new Set<string>();
  while (words.size < size) {
    const syllables = 1 + Math.floor(random() * 3);
    const syllable = () => pick(onsets, random) + pick(vowels, random) + pick(codas, random);
    words.add(Array.from({ length: syllables }, syllable).join(''));
  }
  return [...words];
}

export function makePhrases(count: number, seed = 5): { phrase: string; prob: number }[] {
  const random = createRandom(seed);
  const words = makeVocabulary(20_000, random);
  const word = () => words[Math.floor(words.length * random() ** 3)] ?? '';
  const phrases = new Map<string, { phrase: string; prob: number }>();
  while (phrases.size < count) {
    const phrase = Array.from({ length: 1 + Math.floor(random() * 4) }, word).join(' ');
    phrases.set(phraseKey(phrase), { phrase, prob: random() });
  }
  return [...phrases.values()];
}

/** What is in the box after some key: phrases up to any of their letters, some behind other words, some with a slip. */
export function makeTypings(phrases: readonly { phrase: string }[], count: number, seed = 6): string[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const { phrase } = pick(phrases, random);
    const typed = phrase.slice(0, 1 + Math.floor(random() * phrase.length));
    if (index % 10 === 0) return `${pick(phrases, random).phrase} ${typed}`;
    return index % 5 === 0 ? withSlip(typed, random) : typed;
  });
}

function withSlip(typed: string, random: Random): string {
  const at = Math.floor(random() * typed.length);
  return `${typed.slice(0, at)}${pick(onsets, random)}${typed.slice(at + 1)}`;
}
