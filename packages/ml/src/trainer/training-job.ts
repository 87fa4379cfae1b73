import type {
  MixingSet,
  TrainingProgress,
  TrainingReport,
  TrainingSet,
  TrainingSettings,
  ValidationPoint,
  ValidationSet,
} from '@embedding-studio/contracts';

export interface TrainingJob {
  modelFolder: string;
  outputFolder: string;
  checkpointFolder: string;
  trainingSet: TrainingSet;
  settings: TrainingSettings;
  executionProviders: readonly string[];
  validation?: ValidationSet;
  anchorTexts?: readonly string[];
  mixing?: MixingSet;
}

/** What a run needs from the outside; `now` is monotonic, in milliseconds. */
export interface TrainingHost {
  now(): number;
  isAborted(): boolean;
  onProgress(progress: TrainerProgress): void;
  onValidation?(point: ValidationPoint): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

/** The port's progress and, for losses over pairs, how many pairs of the step were not yet apart by the margin. */
export interface TrainerProgress extends TrainingProgress {
  activePairs: number | null;
}

export interface TrainerReport extends TrainingReport {
  activePairsFirst: number | null;
  activePairsLast: number | null;
  examples: number;
  /** Training queries left out, by reason. */
  dropped: Record<string, number>;
}
