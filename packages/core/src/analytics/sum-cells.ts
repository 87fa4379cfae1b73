import type { AnalyticsBucket, MetricSums, Quantity, SessionTraits, Tally } from '@embedding-studio/contracts';
import { addTook } from './fold-facts.ts';
import { quantities } from './quantities.ts';

type Cells = Iterable<AnalyticsBucket['cells'][number]>;

/** Adds up tallies by traits to what figures read. Which traits count for what is found out once. */
export function createCellSummer(traits: ReadonlyMap<string, SessionTraits>) {
  const placesOf = new Map<string, number[]>();
  const findPlaces = (key: string): number[] => {
    const known = placesOf.get(key);
    if (known !== undefined) return known;
    const flags = traits.get(key)?.flags ?? [];
    const isIn = ({ where = [] }: Quantity) => flags.includes('counted') && where.every((flag) => flags.includes(flag));
    const found = quantities.flatMap((quantity, at) => (isIn(quantity) ? at : []));
    placesOf.set(key, found);
    return found;
  };
  return (cells: Cells): { sums: MetricSums; took: number[] } => {
    const sums = quantities.map(() => 0);
    const took: number[] = [];
    for (const { traitsKey, tally } of cells) {
      const places = findPlaces(traitsKey);
      for (const at of places) sums[at] = (sums[at] ?? 0) + measureOf(tally, quantities[at]);
      if (places.length > 0) addTook(took, tally.took);
    }
    return { sums, took };
  };
}

function measureOf(tally: Tally, quantity: Quantity | undefined): number {
  if (quantity === undefined) return 0;
  const { measure } = quantity;
  if (typeof measure === 'string') return tally[measure];
  return tally.bestPlaces.slice(0, measure.clickedWithin).reduce((sum, count) => sum + count, 0);
}
