import type { AgreementSums, ExperimentDefinition } from '@embedding-studio/contracts';
import type { InterleavingStats, Result } from '@embedding-studio/stats';
import type { MetricSums } from './metric-moments.ts';

export interface ArmSums {
  arm: string;
  units: number;
  searches: number;
  /** By metric id; without those that are no sums over sessions. */
  metrics: Record<string, MetricSums>;
}

/** What users did with interleaved lists. */
export interface InterleavingSums {
  stats: Result<InterleavingStats>;
  /** Searches with an interleaved list, and those whose two lists were not the same. */
  searches: number;
  different: number;
  credit: { place: number; first: number; second: number }[];
}

/** All that goes into a read-out: what was decided about the experiment, and sums. Nothing of a single unit. */
export interface ReadoutInputs {
  definition: ExperimentDefinition;
  /** As in the definition, the control first; one named `interleaved` of an interleaving. */
  arms: ArmSums[];
  /** Units that saw several arms. */
  multiple: number;
  /** The time before says something: units are users that searched then. */
  hasPast: boolean;
  interleaving: InterleavingSums | null;
  agreement: AgreementSums | null;
  /** In words: whatever was noticed while gathering. */
  warnings: string[];
}
