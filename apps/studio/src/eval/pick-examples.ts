import type { Measured } from './measure-queries.ts';

export interface ExampleQuery {
  query: string;
  wanted: { itemId: string; title: string; rankBefore: number | null; rankAfter: number | null }[];
}

const wantedMax = 3;

/**
 * Queries to look at: of every five, the three that gain most, one that loses most and one that stays, so that the
 * examples do not flatter. Ranks are of the wanted items in what users get; null is beyond the hundredth.
 */
export function pickExamples(
  sides: { before: Measured; after: Measured },
  options: { count: number; titleOf: (itemId: string) => string },
): ExampleQuery[] {
  const changes = [...sides.after.values()].flatMap((after) => {
    const before = sides.before.get(after.judged.queryId);
    return before ? [{ before, after, change: after.fused.ndcg10 - before.fused.ndcg10 }] : [];
  });
  const ordered = changes.sort((left, right) => right.change - left.change);
  const lost = Math.min(Math.floor(options.count / 5), ordered.filter(({ change }) => change < 0).length);
  const gained = ordered.slice(0, Math.max(0, options.count - 2 * lost));
  const same = ordered.filter(({ change }) => change === 0).slice(0, lost);
  const picked = new Set([...gained, ...same, ...ordered.slice(ordered.length - lost)]);
  return [...picked].map(({ before, after }) => ({
    query: after.judged.text,
    wanted: Object.keys(after.judged.relevant)
      .slice(0, wantedMax)
      .map((itemId) => ({
        itemId,
        title: options.titleOf(itemId),
        rankBefore: rankOf(before.fusedIds, itemId),
        rankAfter: rankOf(after.fusedIds, itemId),
      })),
  }));
}

export function renderExamples(examples: readonly ExampleQuery[]): string[] {
  const show = (rank: number | null) => (rank === null ? '> 100' : String(rank));
  return examples.flatMap(({ query, wanted }) => [
    `"${query}"`,
    ...wanted.map(({ title, rankBefore, rankAfter }) => `   rank ${show(rankBefore)} → ${show(rankAfter)}   ${title}`),
  ]);
}

function rankOf(ids: readonly string[], itemId: string): number | null {
  const index = ids.indexOf(itemId);
  return index < 0 ? null : index + 1;
}
