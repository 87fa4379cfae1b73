import type { ItemRecord, JudgedQuery } from '@embedding-studio/contracts';
import { readCategories } from '@embedding-studio/ml/category';
import type { Ctx } from '../../context.ts';
import { chooseField } from '../../projection/choose-categories.ts';

/** More would each hold too few queries to tell anything. */
const categoriesMax = 8;
const payloadsMax = 5_000;

/** Which of the most asked-for categories a query is about: those of the items that satisfied it. */
export async function createCategoryReader(
  ctx: Ctx,
  options: { collectionId: string; items: readonly ItemRecord[]; judged: readonly JudgedQuery[] },
): Promise<(query: JudgedQuery) => readonly string[]> {
  const { items, judged } = options;
  const fitted = await ctx.deps.categories.findModel(options.collectionId);
  const field = fitted?.field ?? chooseField(items.slice(0, payloadsMax).map(({ payload }) => payload));
  if (field === null) return () => [];
  const categoriesOf = new Map(items.map(({ id, payload }) => [id, readCategories(payload, field)]));
  const read = (query: JudgedQuery): string[] => [
    ...new Set(Object.keys(query.relevant).flatMap((itemId) => categoriesOf.get(itemId) ?? [])),
  ];
  const counts = new Map<string, number>();
  for (const query of judged) for (const name of read(query)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const ordered = [...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  const kept = new Set(ordered.slice(0, categoriesMax).map(([name]) => name));
  return (query) => read(query).filter((name) => kept.has(name));
}
