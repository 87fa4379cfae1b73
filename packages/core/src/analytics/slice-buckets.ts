import {
  type AnalyticsBucket,
  type MetricDefinition,
  type QueryBucket,
  type SessionTraits,
  type SliceSums,
  sliceDimensions,
} from '@embedding-studio/contracts';
import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { searchesOf, sumQueries } from './fold-facts.ts';
import type { PlacedPeriod } from './place-period.ts';
import { addSums, placesOf, quantities } from './quantities.ts';
import { splitSlice } from './slices.ts';
import { createCellSummer } from './sum-cells.ts';

/** `queries`: frequent against rare ones. */
export const SliceBy = z.enum(['model', 'collection', ...sliceDimensions, 'queries', 'query']);
export type SliceBy = z.infer<typeof SliceBy>;

export interface SlicedBucket {
  from: Date;
  /** `slice` is the value alone: `none` where our own search did not make the list. */
  slices: SliceSums[];
}

/** The hours or days of a period and of the one before, taken apart. */
export async function listSliced(
  ctx: Ctx,
  placed: PlacedPeriod,
  { by, metric }: { by: SliceBy; metric: MetricDefinition },
): Promise<SlicedBucket[]> {
  const { analytics } = ctx.deps;
  const places = placesOf([{ measure: 'sessions' }, metric]);
  const range = { from: placed.before, to: placed.to, size: placed.size };
  switch (by) {
    case 'model':
    case 'collection': {
      const [buckets, traits] = await Promise.all([analytics.listBuckets(range), analytics.listTraits()]);
      return sliceByTraits(buckets, { traits, by });
    }
    case 'query':
      return (await analytics.listQueryBuckets({ ...range, places })).map(toSliced);
    case 'queries': {
      const lists = await Promise.all([analytics.listBuckets(range), analytics.listQueryBuckets({ ...range, places })]);
      return splitQueries({ buckets: lists[0], lists: lists[1], traits: await analytics.listTraits(), placed, places });
    }
    default:
      return (await analytics.listSliceBuckets(range)).map(({ from, slices }) => ({
        from,
        slices: slices.flatMap((one) => {
          const { dimension, value } = splitSlice(one.slice);
          return dimension === by ? { ...one, slice: value } : [];
        }),
      }));
  }
}

/** Durations are not kept by query. */
const untimed: number[] = [];

function toSliced({ from, queries }: QueryBucket): SlicedBucket {
  return { from, slices: queries.map(({ query, sums }) => ({ slice: query, sums, took: untimed })) };
}

export function sliceByTraits(
  buckets: readonly AnalyticsBucket[],
  { traits, by }: { traits: ReadonlyMap<string, SessionTraits>; by: 'model' | 'collection' },
): SlicedBucket[] {
  const sum = createCellSummer(traits);
  return buckets.map(({ from, cells }) => {
    const parts = new Map<string, AnalyticsBucket['cells']>();
    for (const cell of cells) {
      const found = traits.get(cell.traitsKey);
      const value = (by === 'model' ? found?.modelId : found?.collectionId) ?? 'none';
      parts.set(value, [...(parts.get(value) ?? []), cell]);
    }
    return { from, slices: [...parts].map(([slice, some]) => ({ slice, ...sum(some) })) };
  });
}

/** The most frequent queries that make half of the searches of a period. */
export function findHead(lists: readonly QueryBucket[], searches: number): Set<string> {
  const byCount = new Map<number, string[]>();
  for (const one of sumQueries(
    lists.map(({ queries }) => queries),
    searchPlaces,
  )) {
    const count = searchesOf(one);
    const alike = byCount.get(count);
    if (alike === undefined) byCount.set(count, [one.query]);
    else alike.push(one.query);
  }
  const head = new Set<string>();
  let covered = 0;
  for (const count of [...byCount.keys()].sort((left, right) => right - left)) {
    if (covered >= searches / 2) break;
    // Queries as frequent as each other are many only at the rare end, which the head seldom reaches.
    for (const query of (byCount.get(count) ?? []).sort()) {
      if (covered >= searches / 2) break;
      head.add(query);
      covered += count;
    }
  }
  return head;
}

const searchPlaces = placesOf([{ measure: 'sessions' }]);

/** Frequent: what `findHead` finds in the period itself. Rare: all other searches. Durations are not kept by query. */
function splitQueries(given: {
  buckets: readonly AnalyticsBucket[];
  lists: readonly QueryBucket[];
  traits: ReadonlyMap<string, SessionTraits>;
  placed: PlacedPeriod;
  /** The sums that are wanted. */
  places: readonly number[];
}): SlicedBucket[] {
  const { buckets, lists, traits, placed, places } = given;
  const sum = createCellSummer(traits);
  const totals = buckets.map(({ from, cells }) => ({ from, ...sum(cells) }));
  const isNow = ({ from }: { from: Date }) => from >= placed.from;
  const searches = totals.filter(isNow).reduce((all, total) => all + searchesOf(total), 0);
  const head = findHead(lists.filter(isNow), searches);
  const byStart = new Map(lists.map((list) => [list.from.getTime(), list.queries]));
  return totals.map(({ from, sums }) => {
    const frequent = quantities.map(() => 0);
    for (const one of byStart.get(from.getTime()) ?? []) if (head.has(one.query)) addSums(frequent, one.sums, places);
    const rare = sums.map((value, at) => value - (frequent[at] ?? 0));
    return {
      from,
      slices: [
        { slice: 'frequent', sums: frequent, took: [] },
        { slice: 'rare', sums: rare, took: [] },
      ],
    };
  });
}
