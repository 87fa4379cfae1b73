import type { JudgedItem } from '@embedding-studio/contracts';
import { sha256 } from '../content-hash.ts';
import type { Ctx } from '../context.ts';
import type { GoldenQuery } from './score-query.ts';

const page = 1_000;
const queriesMax = 2_000;

/**
 * Queries with an item that is graded above 0. Of more than two thousand a fixed sample, drawn by the hash of the query,
 * so that two runs ask the same ones.
 */
export async function loadGoldenQueries(ctx: Ctx): Promise<GoldenQuery[]> {
  const found = new Map<string, { query: string; grades: Record<string, number> }>();
  for await (const { queryKey, query, itemId, grade } of readItems(ctx)) {
    const one = found.get(queryKey) ?? { query, grades: {} };
    one.grades[itemId] = grade;
    found.set(queryKey, one);
  }
  const queries = [...found].flatMap(([queryKey, { query, grades }]) =>
    Object.values(grades).some((grade) => grade > 0)
      ? [{ queryKey, query, grades, gradesHash: sha256(JSON.stringify(grades)).slice(0, 16) }]
      : [],
  );
  const placed = queries.map((query) => ({ query, place: sha256(query.queryKey) }));
  placed.sort((left, right) => (left.place < right.place ? -1 : 1));
  return placed.slice(0, queriesMax).map(({ query }) => query);
}

async function* readItems(ctx: Ctx): AsyncGenerator<JudgedItem> {
  for (let after: JudgedItem | null = null; ; ) {
    ctx.signal?.throwIfAborted();
    const rows: JudgedItem[] = await ctx.deps.judgements.listJudgedItems({ after, limit: page });
    yield* rows;
    after = rows.at(-1) ?? null;
    if (rows.length < page) return;
  }
}
