import type { MetricMeans } from '@embedding-studio/contracts';

/** One held-out query, ranked by both sides as users would get it. */
export interface GateQuery {
  queryId: string;
  text: string;
  before: MetricMeans;
  after: MetricMeans;
  /** No training session clicked any item that it wants. */
  isUnseen: boolean;
  segments: readonly string[];
}
