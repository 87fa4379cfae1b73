import type { JudgedQuery, MetricMeans } from '@embedding-studio/contracts';

type Grades = Readonly<Record<string, number>>;

const discounts = Float64Array.from({ length: 1000 }, (_, rank) => 1 / Math.log2(rank + 2));

/** 1 / log2(rank + 1) with ranks from 1; `index` counts from 0. */
export function discountAt(index: number): number {
  return discounts[index] ?? 1 / Math.log2(index + 2);
}

/** Linear gain; an unjudged item gains nothing; 0 when nothing is relevant. */
export function ndcgAt(rankedIds: readonly string[], grades: Grades, cutoff = 10): number {
  const ideal = idealDcgAt(grades, cutoff);
  if (ideal === 0) return 0;
  let gain = 0;
  for (let index = 0; index < Math.min(cutoff, rankedIds.length); index++)
    gain += gradeOf(grades, rankedIds[index]) * discountAt(index);
  return gain / ideal;
}

export function idealDcgAt(grades: Grades, cutoff = 10): number {
  const best = Object.values(grades)
    .filter((grade) => grade > 0)
    .sort((left, right) => right - left)
    .slice(0, cutoff);
  return best.reduce((sum, grade, index) => sum + grade * discountAt(index), 0);
}

/** Share of all relevant items within the cutoff. */
export function recallAt(rankedIds: readonly string[], grades: Grades, cutoff = 10): number {
  const relevant = Object.values(grades).filter((grade) => grade > 0).length;
  if (relevant === 0) return 0;
  return rankedIds.slice(0, cutoff).filter((id) => gradeOf(grades, id) > 0).length / relevant;
}

/** 1 / rank of the first relevant item within the cutoff, else 0. */
export function reciprocalRankAt(rankedIds: readonly string[], grades: Grades, cutoff = 10): number {
  const index = rankedIds.slice(0, cutoff).findIndex((id) => gradeOf(grades, id) > 0);
  return index < 0 ? 0 : 1 / (index + 1);
}

/** nDCG of the ranking restricted to judged items: unjudged ones neither help nor push others down. */
export function condensedNdcgAt(rankedIds: readonly string[], judged: JudgedQuery, cutoff = 10): number {
  const known = new Set([...judged.judged, ...Object.keys(judged.relevant)]);
  return ndcgAt(
    rankedIds.filter((id) => known.has(id)),
    judged.relevant,
    cutoff,
  );
}

export function measureQuery(rankedIds: readonly string[], judged: JudgedQuery): MetricMeans {
  return {
    ndcg10: ndcgAt(rankedIds, judged.relevant),
    recall10: recallAt(rankedIds, judged.relevant),
    mrr10: reciprocalRankAt(rankedIds, judged.relevant),
    cndcg10: condensedNdcgAt(rankedIds, judged),
  };
}

export function meanMetrics(measured: readonly MetricMeans[]): MetricMeans {
  const mean = (key: keyof MetricMeans) =>
    measured.length === 0 ? 0 : measured.reduce((sum, metrics) => sum + metrics[key], 0) / measured.length;
  return { ndcg10: mean('ndcg10'), recall10: mean('recall10'), mrr10: mean('mrr10'), cndcg10: mean('cndcg10') };
}

function gradeOf(grades: Grades, itemId: string | undefined): number {
  if (itemId === undefined || !Object.hasOwn(grades, itemId)) return 0;
  return Math.max(0, grades[itemId] ?? 0);
}
