/** Values that a label may have: all of them by name, or the most that are kept apart. What goes beyond becomes `other`. */
export type LabelBound = readonly string[] | number;

/** One Prometheus metric: base units, and a bound for every label. */
export interface TelemetryMetric {
  type: 'counter' | 'gauge' | 'histogram';
  /** What is measured, as a sentence. */
  help: string;
  labels: Readonly<Record<string, LabelBound>>;
  /** Upper ends of a histogram's buckets, in the metric's unit. */
  buckets?: readonly number[];
}

/** Seconds: people wait for these. */
export const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;
/** Seconds: these run by themselves, for up to hours. */
export const taskSeconds = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 10_800] as const;
/** Data spaces of one installation that are told apart. */
export const projectsMax = 50;
