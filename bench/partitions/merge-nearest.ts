/** Nearest parts of one partition, ascending. */
export interface NearList {
  numbers: readonly number[];
  distances: readonly number[];
}

/** The nearest of all partitions, ascending; an item that several parts name counts once, by its nearest. */
export function mergeNearest(lists: readonly NearList[], limit: number): number[] {
  const nearest = new Map<number, number>();
  for (const { numbers, distances } of lists)
    numbers.forEach((number, at) => {
      const distance = distances[at] ?? Number.POSITIVE_INFINITY;
      if (distance < (nearest.get(number) ?? Number.POSITIVE_INFINITY)) nearest.set(number, distance);
    });
  return [...nearest]
    .sort(([a, near], [b, far]) => near - far || a - b)
    .slice(0, limit)
    .map(([number]) => number);
}
