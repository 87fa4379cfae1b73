import type { ShownResult } from '@embedding-studio/contracts';

/** Item ids top first, each once: by rank when every result has one, else as listed. */
export function orderShown(shown: readonly ShownResult[]): string[] {
  const isRanked = shown.every(({ rank }) => rank !== undefined);
  const ordered = isRanked ? [...shown].sort((left, right) => (left.rank ?? 0) - (right.rank ?? 0)) : shown;
  return [...new Set(ordered.map(({ itemId }) => itemId))];
}
