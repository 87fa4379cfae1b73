import type { RankedHit, RankerHit } from '../spec/index.ts';

/**
 * Adds `weight · boost` to each score, in units of the list's own spread: a weight of .2 lets a full boost overtake a
 * fifth of the distance between first and last, whatever the scores are made of. `boost` is 0 … 1; null adds nothing.
 */
export function boostHits(
  hits: readonly RankerHit[],
  { weight, boostOf }: { weight: number; boostOf: (hit: RankerHit) => number | null },
): RankedHit[] {
  const scores = hits.map((hit) => hit.score);
  const spread = Math.max(...scores) - Math.min(...scores) || 1;
  const boosted = hits.map((hit): RankedHit => {
    const boost = boostOf(hit) ?? 0;
    const added = weight * spread * boost;
    return { itemId: hit.itemId, score: hit.score + added, explain: { boost, added } };
  });
  return boosted.sort((a, b) => b.score - a.score);
}

/** The value at a dotted path of a payload; undefined where there is none. */
export function readPath(payload: Record<string, unknown>, path: string): unknown {
  let value: unknown = payload;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
