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
];
/** A catalogue of this many words is embedded in about three minutes by a six-layer encoder on two cores. */
const wordsMax = 550_000;
const sampled = 300;

/** How much of every item to embed so that two passes over the catalogue fit an evaluation's time. */
export function chooseParts(items: readonly ItemInput[]): PartSettings {
  const step = Math.max(1, Math.floor(items.length / sampled));
  const sample = items.filter((_, index) => index % step === 0);
  const words = (settings: PartSettings) => {
    const counted = sample.reduce((sum, item) => sum + countWords(composeItem(item, settings).parts), 0);
    return (counted / Math.max(1, sample.length)) * items.length;
  };
  return choices.find((settings) => words(settings) <= wordsMax) ?? { partWordsMax: 40, partsMax: 1 };
}

function countWords(parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + part.split(/\s+/).length, 0);
}
