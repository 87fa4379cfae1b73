import type { Page } from './read-pages.ts';

/**
 * Pages counted by query × item × rank, as columns; cells of one pair (query × item) lie side by side. Ranks count from
 * 0 here.
 */
export interface ImpressionTable {
  ranks: number;
  /** Normalised; what a resample draws. */
  queries: string[];
  pairs: PairColumn;
  cells: CellColumn;
  /** Results shown below the last rank of the table. */
  beyond: number;
  /** Items at a drawn rank: over all queries of one range, what differs between ranks is only where they stood. */
  draws: Draw[];
}

export interface Draw {
  /** Index of the query. */
  query: number;
  rank: number;
  /** Names the ranks it was drawn from. */
  range: string;
  isClicked: boolean;
}

export interface PairColumn {
  itemIds: string[];
  queryOf: Int32Array;
  /** The first cell of each pair, and one past the last cell. */
  start: Int32Array;
}

export interface CellColumn {
  rank: Int32Array;
  /** Times shown there, unseen ones among them. */
  shown: Float64Array;
  clicks: Float64Array;
  unseen: Float64Array;
}

type Counts = { shown: number; clicks: number; unseen: number };

export function countImpressions(pages: readonly Page[], ranksMax = 50): ImpressionTable {
  const byQuery = new Map<string, Map<string, Map<number, Counts>>>();
  let [ranks, beyond] = [0, 0];
  const draws: (Omit<Draw, 'query'> & { query: string })[] = [];
  for (const { query, items, drawn } of pages) {
    const ofQuery = getOrAdd(byQuery, query, () => new Map<string, Map<number, Counts>>());
    for (const { itemId, rank, outcome } of items) {
      if (rank > ranksMax) {
        beyond++;
        continue;
      }
      ranks = Math.max(ranks, rank);
      const ofItem = getOrAdd(ofQuery, itemId, () => new Map<number, Counts>());
      const counts = getOrAdd(ofItem, rank - 1, () => ({ shown: 0, clicks: 0, unseen: 0 }));
      counts.shown++;
      if (outcome === 'clicked') counts.clicks++;
      if (outcome === 'unseen') counts.unseen++;
    }
    const item = drawn && items.find(({ rank }) => rank === drawn.rank && rank <= ranksMax);
    if (drawn && item)
      draws.push({
        ...{ query, rank: drawn.rank - 1, range: `${drawn.from}-${drawn.to}` },
        isClicked: item.outcome === 'clicked',
      });
  }
  const columns = toColumns(byQuery);
  const indexOf = new Map(columns.queries.map((query, index) => [query, index]));
  return { ranks, beyond, ...columns, draws: draws.map((draw) => ({ ...draw, query: indexOf.get(draw.query) ?? 0 })) };
}

function toColumns(
  byQuery: ReadonlyMap<string, Map<string, Map<number, Counts>>>,
): Pick<ImpressionTable, 'queries' | 'pairs' | 'cells'> {
  const queries = [...byQuery.keys()];
  const itemIds: string[] = [];
  const queryOf: number[] = [];
  const start: number[] = [0];
  const cells: (Counts & { rank: number })[] = [];
  queries.forEach((query, index) => {
    for (const [itemId, byRank] of byQuery.get(query) ?? []) {
      itemIds.push(itemId);
      queryOf.push(index);
      for (const [rank, counts] of byRank) cells.push({ ...counts, rank });
      start.push(cells.length);
    }
  });
  return {
    queries,
    pairs: { itemIds, queryOf: Int32Array.from(queryOf), start: Int32Array.from(start) },
    cells: {
      rank: Int32Array.from(cells, ({ rank }) => rank),
      shown: Float64Array.from(cells, ({ shown }) => shown),
      clicks: Float64Array.from(cells, ({ clicks }) => clicks),
      unseen: Float64Array.from(cells, ({ unseen }) => unseen),
    },
  };
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Shown and clicked per rank; `weights` counts each query that many times. */
export function countByRank(table: ImpressionTable, weights?: ArrayLike<number>) {
  const { ranks, pairs, cells } = table;
  const shown = new Array<number>(ranks).fill(0);
  const clicks = new Array<number>(ranks).fill(0);
  for (let pair = 0; pair < pairs.itemIds.length; pair++) {
    const weight = weights?.[at(pairs.queryOf, pair)] ?? 1;
    for (let cell = at(pairs.start, pair); cell < at(pairs.start, pair + 1); cell++) {
      const rank = at(cells.rank, cell);
      shown[rank] = at(shown, rank) + weight * at(cells.shown, cell);
      clicks[rank] = at(clicks, rank) + weight * at(cells.clicks, cell);
    }
  }
  return { shown, clicks };
}

export const at = (column: ArrayLike<number>, index: number): number => column[index] ?? 0;
