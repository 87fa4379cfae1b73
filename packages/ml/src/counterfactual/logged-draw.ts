/** One decision that was drawn by chance, and what came of it. */
export interface LoggedDraw {
  /** 1 for a click, 0 without, or any other gain. */
  reward: number;
  /** Probability with which the log's policy chose what it chose; above 0. */
  propensity: number;
  /** Probability with which the other policy would have chosen the same. */
  target: number;
  /** What a model fitted on other draws expects of what was chosen; only DR looks at it. */
  expected?: number;
  /** What that model expects of the other policy's choice: its mean over all it may choose. */
  expectedTarget?: number;
}

export interface CounterfactualOptions {
  /** Weights target ÷ propensity are cut off here; default 20. A lower one is steadier and leans towards 0. */
  weightMax?: number;
  /** Draws of equal weight that the weighted ones must be worth; default 30. */
  effectiveMin?: number;
  /** Draws with a reward and a weight above 0, below which no interval can be trusted; default 5. */
  rewardsMin?: number;
}

export interface CounterfactualValue {
  mean: number;
  /** 95 %, normal over draws. */
  lo: number;
  hi: number;
  draws: number;
  /** (Σw)² ÷ Σw². */
  effective: number;
  /** Mean weight before any cut: the share of the other policy's choices that the log could have drawn. */
  covered: number;
  /** Share of the draws whose weight was cut. */
  clipped: number;
}
