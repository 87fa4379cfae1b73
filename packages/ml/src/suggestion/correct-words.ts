import { editDistance, nearestBeginning } from './edit-distance.ts';
import { type PrefixPlan, planPrefixes, type TypedText, wordsOf } from './plan-prefixes.ts';

/** Shorter words have too many neighbours one edit away. */
const correctableMin = 4;
const choicesPerWord = 4;
const plansMax = 24;

export function isCorrectable(word: string): boolean {
  return [...word].length >= correctableMin;
}

/**
 * The same text with one edit undone in some of its words, as beginnings of phrases; nearest readings first. `known`
 * holds words of phrases that may be near, for each typed word that was looked up.
 */
export function planCorrections(typed: TypedText, known: ReadonlyMap<string, readonly string[]>): PrefixPlan[] {
  const open = typed.isLastOpen ? typed.tokens.length - 1 : -1;
  let readings: { words: string[]; edits: number }[] = [{ words: [], edits: 0 }];
  for (const [index, word] of wordsOf(typed).entries()) {
    const near = nearWords(word, known.get(word) ?? [], index === open);
    const choices = [{ word, edits: 0 }, ...near.map((other) => ({ word: other, edits: 1 }))];
    readings = readings
      .flatMap(({ words, edits }) =>
        choices.map((choice) => ({ words: [...words, choice.word], edits: edits + choice.edits })),
      )
      .sort((left, right) => left.edits - right.edits)
      .slice(0, plansMax);
  }
  return readings
    .filter(({ edits }) => edits > 0)
    .flatMap(({ words }) => correctedPlans(typed, words))
    .slice(0, plansMax);
}

/** A reading that passes over all that was corrected is the text as typed, which has been looked for. */
function correctedPlans(typed: TypedText, words: readonly string[]): PrefixPlan[] {
  const original = wordsOf(typed);
  const last = words.findLastIndex((word, index) => word !== original[index]);
  return planPrefixes(typed, words).filter(({ skipped }) => skipped <= last);
}

function nearWords(typed: string, known: readonly string[], isOpen: boolean): string[] {
  if (!isCorrectable(typed)) return [];
  const near = isOpen ? nearBeginnings(typed, known) : known.filter((word) => editDistance(typed, word) === 1);
  return [...new Set(near)].sort((left, right) => gap(typed, left) - gap(typed, right)).slice(0, choicesPerWord);
}

function nearBeginnings(typed: string, known: readonly string[]): string[] {
  return known
    .map((word) => nearestBeginning(typed, word))
    .filter(({ distance }) => distance === 1)
    .map(({ beginning }) => beginning);
}

/** Swapped or mistaken letters before missing or doubled ones. */
const gap = (left: string, right: string): number => Math.abs([...left].length - [...right].length);
