/** How far something is, 0 to 1; null while its end is not known. */
export function shareOf({ done, total }: { done: number; total: number }): number | null {
  return total > 0 ? done / total : null;
}
