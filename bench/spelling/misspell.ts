const lettersMin = 5;
const letters = 'abcdefghijklmnopqrstuvwxyz';

/** One typing error in one of the longer words: a letter left out, doubled, replaced, or two swapped; never the first. */
export function misspell(text: string, random: () => number): string {
  const words = text.split(' ');
  const long = words.flatMap((word, at) => (/^[a-z]+$/i.test(word) && word.length >= lettersMin ? [at] : []));
  const chosen = long[Math.floor(random() * long.length)];
  if (chosen === undefined) return text;
  words[chosen] = breakWord(words[chosen] ?? '', random);
  return words.join(' ');
}

function breakWord(word: string, random: () => number): string {
  const at = 1 + Math.floor(random() * (word.length - 2));
  const [before, letter, next, after] = [word.slice(0, at), word[at] ?? '', word[at + 1] ?? '', word.slice(at + 2)];
  const kinds = [
    before + next + after,
    before + letter + letter + next + after,
    before + (letters[Math.floor(random() * letters.length)] ?? '') + next + after,
    before + next + letter + after,
  ];
  return kinds[Math.floor(random() * kinds.length)] ?? word;
}
