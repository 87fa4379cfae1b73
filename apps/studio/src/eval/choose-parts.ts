import type { ItemInput } from '@embedding-studio/contracts';
import { composeItem } from '@embedding-studio/core';

export interface PartSettings {
  partWordsMax: number;
  partsMax: number;
}

/** From the product's default to the cheapest; what is not embedded is still found by its words. */
const choices: readonly PartSettings[] = [
  { partWordsMax: 80, partsMax: 3 },
  { partWordsMax: 80, partsMax: 2 },
  { partWordsMax: 80, partsMax: 1 },
  { partWordsMax: 40, partsMax: 1 },
  { partWordsMax: 24, partsMax: 1 },
  { partWordsMax: 16, partsMax: 1 },
];
const cheapest: PartSettings = { partWordsMax: 16, partsMax: 1 };
/** A six-layer encoder embeds about three thousand words a second on two cores: four minutes. */
export const evalWordsMax = 750_000;
const sampled = 300;

/** How much of every item to embed so that a pass over the catalogue stays below so many words. */
export function chooseParts(items: readonly ItemInput[], wordsMax = evalWordsMax): PartSettings {
  const words = estimateWords(items);
  return choices.find((settings) => words(settings) <= wordsMax) ?? cheapest;
}

/** Words of the whole catalogue that would be embedded, from a sample of it. */
export function estimateWords(items: readonly ItemInput[]): (settings: PartSettings) => number {
  const step = Math.max(1, Math.floor(items.length / sampled));
  const sample = items.filter((_, index) => index % step === 0);
  return (settings) => {
    const counted = sample.reduce((sum, item) => sum + countWords(composeItem(item, settings).parts), 0);
    return (counted / Math.max(1, sample.length)) * items.length;
  };
}

function countWords(parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + part.split(/\s+/).length, 0);
}
