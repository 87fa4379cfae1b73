import type { ShownResult } from '@embedding-studio/contracts';

/** Item ids top first, each once: by position, else by rank when every result has one, else as listed. */
export function orderShown(shown: readonly ShownResult[]): string[] {
  const key = (['position', 'rank'] as const).find((name) => shown.every((result) => result[name] !== undefined));
  const ordered = key === undefined ? shown : [...shown].sort((left, right) => (left[key] ?? 0) - (right[key] ?? 0));
  return [...new Set(ordered.map(({ itemId }) => itemId))];
}
