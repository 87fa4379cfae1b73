export interface ItemCounts {
  /** Lists that the item was shown in. */
  impressions: number;
  /** Those of them in which it was clicked. */
  clicks: number;
}

/** Beta(1, 9): an item that nobody has seen is expected to be clicked once in ten times, and may be much better. */
const prior = { clicks: 1, passes: 9 };
const deviations = 2;

/**
 * Upper bound of the click rate that the counts leave open: mean and two standard deviations of its Beta posterior.
 * Highest for what is good or hardly known, lowest for what was seen often and left alone.
 */
export function scoreCandidate({ impressions, clicks }: ItemCounts = { impressions: 0, clicks: 0 }): number {
  const wanted = prior.clicks + clicks;
  const passed = prior.passes + Math.max(0, impressions - clicks);
  const all = wanted + passed;
  return wanted / all + deviations * Math.sqrt((wanted * passed) / (all * all * (all + 1)));
}
