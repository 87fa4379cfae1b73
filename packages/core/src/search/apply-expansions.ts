import type { Candidate, QueryExpansion } from '@embedding-studio/contracts';

/** What is embedded for a query: itself first, then its expansions. */
export function textsToEmbed(query: { text: string; expansions: readonly QueryExpansion[] }): string[] {
  return [query.text, ...query.expansions.map((expansion) => expansion.text)];
}

/** One direction for a query and its expansions: their vectors by weight, the query's own being 1. Unit length. */
export function mixVectors(
  vectors: readonly Float32Array[],
  expansions: readonly QueryExpansion[],
): Float32Array | undefined {
  const [own, ...others] = vectors;
  if (own === undefined || others.length === 0) return own;
  const mixed = own.slice();
  others.forEach((vector, at) => {
    const weight = expansions[at]?.weight ?? 0;
    for (let dim = 0; dim < mixed.length; dim++) mixed[dim] = (mixed[dim] ?? 0) + weight * (vector[dim] ?? 0);
  });
  const length = Math.sqrt(mixed.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? mixed.map((value) => value / length) : own;
}

/** The words of all expansions as one query, and how much a match of them counts beside the query's own words. */
export function wordsOfExpansions(expansions: readonly QueryExpansion[]): { text: string; weight: number } | null {
  if (expansions.length === 0) return null;
  const weight = Math.max(...expansions.map((expansion) => expansion.weight));
  return { text: expansions.map((expansion) => expansion.text).join(' '), weight };
}

/**
 * Candidates of the query and of its expansions' words as one list: words of an expansion add to an item's words by
 * their weight. One scale for all: the query's own, or that of the expansions where the query's words are unknown.
 */
export function mergeExpanded<Found extends Candidate & { lexicalRank: number | null }>(
  own: readonly Found[],
  expanded: readonly Found[],
  weight: number,
): Found[] {
  const lexicalScale = Math.max(own[0]?.lexicalScale ?? 0, weight * (expanded[0]?.lexicalScale ?? 0));
  const merged = new Map(own.map((found) => [found.itemId, { ...found, lexicalScale }]));
  for (const found of expanded) {
    const known = merged.get(found.itemId);
    const lexical = (known?.lexical ?? 0) + weight * found.lexical;
    const lexicalRank = firstOf(known?.lexicalRank ?? null, found.lexicalRank);
    merged.set(found.itemId, { ...(known ?? found), lexical, lexicalRank, lexicalScale });
  }
  return [...merged.values()];
}

function firstOf(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
