/** How likely each category of a query is, in four numbers fitted on held-out sessions. */
export interface CategoryCalibration {
  /** Cosines are divided by it before the softmax. */
  temperature: number;
  /** Exponent of a category's share of all clicks, 0–1. */
  clickPrior: number;
  /** Clicks that the centroids count as, beside a query's own clicks. */
  centroidClicks: number;
  /** Below this probability of the first category the answer is none. */
  threshold: number;
}

/** Measured on sessions that nothing was fitted on. */
export interface CategoryQuality {
  sessions: number;
  /** Share of all whose first category is one of a clicked item, abstaining or not. */
  accuracy: number;
  /** The same, guessing the most clicked category for every query. */
  accuracyOfMostClicked: number;
  /** Expected calibration error over ten bins, 0–1. */
  ece: number;
  eceUncalibrated: number;
  /** Share that is answered at all at the threshold. */
  coverage: number;
  /** Share of right first categories among the answered; null when none is. */
  accuracyOfAnswered: number | null;
}

/** Belongs to one collection: centroids of another model's vectors mean nothing. */
export interface CategoryModel {
  collectionId: string;
  /** Dotted path in the payload; a string or a list of strings. */
  field: string;
  calibration: CategoryCalibration;
  quality: CategoryQuality | null;
  fittedAt: Date;
}

export interface CategoryCentroid {
  category: string;
  items: number;
  /** Weight of clicks on its items, over all sessions looked at. */
  clicks: number;
  /** Unit length. */
  centroid: Float32Array;
}
