import type { AdapterTrainingSet } from '@embedding-studio/contracts';
import { type SeededRandom, shuffle } from '../trainer/seeded-random.ts';

export type AdapterExample = AdapterTrainingSet['examples'][number];

export interface SplitExamples {
  train: AdapterExample[];
  /** Half of them by query, half by clicked item: no training example asks, or clicks, the same. */
  aside: AdapterExample[];
}

const examplesMin = 80;
const shareByQuery = 0.04;
const shareByItem = 0.04;
const asideMax = 400;

/** Examples that say when to stop; too few to spare any leave all of them to training. */
export function putAside(examples: readonly AdapterExample[], random: SeededRandom): SplitExamples {
  if (examples.length < examplesMin) return { train: [...examples], aside: [] };
  const limit = (share: number) => Math.min(asideMax / 2, share * examples.length);
  const queries = drawGroups(
    groupBy(examples, ({ query }) => [query]),
    { limit: limit(shareByQuery), random },
  );
  const items = drawGroups(
    groupBy(examples, ({ clicked }) => clicked.map(({ item }) => item)),
    { limit: limit(shareByItem), random },
  );
  const isAside = ({ query, clicked }: AdapterExample) =>
    queries.has(query) || clicked.some(({ item }) => items.has(item));
  return { train: examples.filter((example) => !isAside(example)), aside: examples.filter(isAside) };
}

function groupBy(examples: readonly AdapterExample[], keysOf: (example: AdapterExample) => number[]) {
  const sizes = new Map<number, number>();
  for (const example of examples) for (const key of keysOf(example)) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  return sizes;
}

/** Groups drawn at random until they hold that many examples; one that is large in itself is never drawn. */
function drawGroups(
  sizes: ReadonlyMap<number, number>,
  { limit, random }: { limit: number; random: SeededRandom },
): Set<number> {
  const drawn = new Set<number>();
  let held = 0;
  for (const key of shuffle([...sizes.keys()], random)) {
    const size = sizes.get(key) ?? 0;
    if (held >= limit) break;
    if (size > Math.max(1, limit / 4)) continue;
    drawn.add(key);
    held += size;
  }
  return drawn;
}
