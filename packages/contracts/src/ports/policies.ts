import type { ExperimentPolicy } from '../experiment-policy.ts';
import type { ExplorationPolicy } from '../exploration-policy.ts';

import type { GoldenPolicy } from '../golden-run.ts';

import type { RetentionPolicy } from '../retention.ts';
import type { TrainingPolicy, TrainingWatch } from '../training-policy.ts';

export interface StoredPolicies {
  retention: RetentionPolicy;
  experiments: ExperimentPolicy;
  golden: GoldenPolicy;
  training: TrainingPolicy;
  /** Written by workers, shown beside the policy. */
  trainingWatch: TrainingWatch;
  exploration: ExplorationPolicy;
}
export type PolicyName = keyof StoredPolicies;

/** What an operator decided in place of the settings (Postgres): one row per policy. */
export interface PolicyStore {
  /** null: never decided, the settings hold. */
  findPolicy<N extends PolicyName>(name: N): Promise<{ value: StoredPolicies[N]; updatedAt: Date } | null>;
  /**
   * What searches go by: kept in this process and read anew about once a second, so that it costs no round trip in
   * between; null as above.
   */
  recallPolicy<N extends PolicyName>(name: N): Promise<StoredPolicies[N] | null>;
  putPolicy<N extends PolicyName>(name: N, value: StoredPolicies[N]): Promise<void>;
}
