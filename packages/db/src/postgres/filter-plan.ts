import type { Filter, FilterPlan } from '@embedding-studio/contracts';
import type { Connection } from './connection.ts';
import { filterSql } from './filter-sql.ts';
import { Parameters } from './parameters.ts';
import { readNear } from './replicas/reads.ts';

const sampleItems = 1_000;
const estimatesMax = 500;
const lifeMs = 30_000;
/** Looking at one tuple along the index costs about as much as this many exact distances. */
const indexStepCost = 4;
/** Looking at an item's payload costs about as much as this many exact distances. */
const scanCost = 0.5;

interface Estimate {
  selectivity: number;
  items: number;
  madeAt: number;
}

/** Chooses how to search among the items that meet a filter; remembers what share of a sample met it. */
export class FilterPlanner {
  private readonly estimates = new Map<string, Estimate>();

  constructor(private readonly connection: Connection) {}

  async plan(filter: Filter, parts: number): Promise<FilterPlan> {
    const { selectivity, items } = await this.estimate(filter);
    const matching = selectivity * items;
    const exact = items * scanCost + matching;
    const iterative = (parts / Math.max(selectivity, 1 / sampleItems)) * indexStepCost;
    return { kind: exact <= iterative ? 'exact' : 'iterative', selectivity };
  }

  private async estimate(filter: Filter): Promise<Estimate> {
    const key = JSON.stringify(filter);
    const known = this.estimates.get(key);
    if (known !== undefined && performance.now() - known.madeAt < lifeMs) return known;
    const estimate = { ...(await sampleFilter(this.connection, filter)), madeAt: performance.now() };
    this.estimates.delete(key);
    this.estimates.set(key, estimate);
    const [oldest] = this.estimates.keys();
    if (this.estimates.size > estimatesMax && oldest !== undefined) this.estimates.delete(oldest);
    return estimate;
  }
}

/** Items are numbered as they come, so random numbers are a random sample; gaps only make it smaller. */
async function sampleFilter(connection: Connection, filter: Filter): Promise<{ selectivity: number; items: number }> {
  const parameters = new Parameters();
  const text = `WITH last AS (SELECT max(item_no) AS item_no FROM items),
    picked AS MATERIALIZED (
      SELECT DISTINCT CASE WHEN l.item_no <= ${sampleItems} THEN n ELSE 1 + floor(random() * l.item_no)::int END AS item_no
        FROM last l, generate_series(1, ${sampleItems}) n)
    SELECT s.items, count(*)::int AS seen, count(*) FILTER (WHERE ${filterSql(filter, parameters)})::int AS met
      FROM lexical_statistics s, picked JOIN items i USING (item_no) GROUP BY s.items`;
  type Row = { items: number; seen: number; met: number };
  const [row] = await readNear(connection, (server) => server.query<Row>(text, parameters.values));
  return { items: row?.items ?? 0, selectivity: row === undefined || row.seen === 0 ? 1 : row.met / row.seen };
}
