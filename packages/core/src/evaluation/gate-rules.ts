/** What a new model must show before users get it. Shares and nDCG are fractions. */
export interface GateRules {
  /** Fewer held-out queries prove nothing. */
  queriesMin: number;
  /** Fewer held-out queries about unseen items say nothing about what was never clicked. */
  unseenQueriesMin: number;
  /** Lowest acceptable lower bound of the mean change on unseen items. */
  unseenLowerBoundMin: number;
  /** A segment's mean change may not fall below this share of its old nDCG when chance does not explain it (Holm, 5 %). */
  segmentLossMax: number;
  /** Segments smaller than this are not judged on their own. */
  segmentQueriesMin: number;
  /** Least share of nearest neighbours that unrelated texts keep. */
  neighbourOverlapMin: number;
  /** Least share of the old effective rank that must remain. */
  effectiveRankShareMin: number;
  /** Most that the mean cosine between unrelated texts may grow. */
  pairwiseCosineGrowthMax: number;
  /** Most times that p95 of encoding one query may take of what it takes now. */
  latencyRatioMax: number;
  /** Growth of that p95 below this many milliseconds never counts. */
  latencyGrowthMsMin: number;
}

export const defaultGateRules: GateRules = {
  queriesMin: 20,
  unseenQueriesMin: 20,
  unseenLowerBoundMin: -0.01,
  segmentLossMax: 0.02,
  segmentQueriesMin: 20,
  neighbourOverlapMin: 0.05,
  effectiveRankShareMin: 0.5,
  pairwiseCosineGrowthMax: 0.25,
  latencyRatioMax: 2,
  latencyGrowthMsMin: 10,
};
