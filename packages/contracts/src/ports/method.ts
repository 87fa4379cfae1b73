import type { SessionWithEvents } from '../session.ts';
import type { TrainingQuery, TrainingSettings } from '../training.ts';

export interface ExampleOptions {
  /** Chance that rank 1, 2, … is looked at: clicks are to count by its inverse. Absent: every click counts the same. */
  propensities?: readonly number[];
  /** Clicks of a query at which half of that correction is made. */
  shrinkClicks?: number;
}

/**
 * A fine-tuning method: turns sessions into training queries and settings into a training run.
 * The trainer itself is one engine for all methods.
 */
export interface FineTuningMethod {
  specVersion: 1;
  name: string;
  title: string;
  /** Parses untrusted settings; throws INPUT_INVALID naming the field. Missing keys get defaults. */
  parseSettings(settings: Record<string, unknown>): TrainingSettings;
  /** Sessions → one training query per usable session; unusable ones are counted with a reason. */
  selectExamples(
    sessions: readonly SessionWithEvents[],
    options?: ExampleOptions,
  ): { queries: TrainingQuery[]; dropped: Record<string, number> };
}
