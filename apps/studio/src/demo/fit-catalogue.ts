import { createRandom, shuffle } from '@embedding-studio/ml/ranking';
import type { Dataset } from '../datasets/index.ts';
import { chooseParts, estimateWords, type PartSettings } from '../eval/choose-parts.ts';

/** The loop embeds the catalogue twice; twice this many words leave time for the rest of ten minutes on two cores. */
const wordsMax = 200_000;

export interface FittedCatalogue {
  dataset: Dataset;
  parts: PartSettings;
  /** What was left out, for people; null when nothing was. */
  note: string | null;
}

/** Shortens what is embedded of every item; leaves out items that nobody saw or judged where that is not enough. */
export function fitCatalogue(dataset: Dataset, options: { seed: number; wordsMax?: number }): FittedCatalogue {
  const { seed, wordsMax: most = wordsMax } = options;
  const parts = chooseParts(dataset.items, most);
  const words = estimateWords(dataset.items)(parts);
  const { length: total } = dataset.items;
  const itemsMax = words > most ? Math.floor((total * most) / words) : total;
  const needed = findNeeded(dataset);
  const spare = dataset.items.filter(({ id }) => !needed.has(id));
  const count = Math.max(0, itemsMax - (total - spare.length));
  if (count >= spare.length) return { dataset, parts, note: null };
  const kept = new Set(shuffle(spare, createRandom(seed)).slice(0, count));
  const items = dataset.items.filter((item) => needed.has(item.id) || kept.has(item));
  const note = `${items.length} of ${total} items: all that people saw or judged, and a random rest (eval takes all)`;
  return { dataset: { ...dataset, items }, parts, note };
}

function findNeeded({ qrels, sessions }: Dataset): Set<string> {
  const needed = new Set<string>();
  for (const grades of qrels.values()) for (const id of grades.keys()) needed.add(id);
  for (const { shown } of sessions ?? []) for (const id of shown) needed.add(id);
  return needed;
}
