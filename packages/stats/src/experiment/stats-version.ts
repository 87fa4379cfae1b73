/** Part of every stored read-out; raised whenever the same sums would give another figure. */
export const STATS_VERSION = 1;
