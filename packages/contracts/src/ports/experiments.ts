import type { AgreementSums, Experiment, ExperimentState } from '../experiment.ts';
import type { Readout } from '../readout.ts';

export interface ExposureCount {
  arm: string;
  /** Units whose only arm this is. */
  units: number;
}

/** Experiments, exposures and read-outs (Postgres). */
export interface ExperimentStore {
  createExperiment(experiment: Experiment): Promise<void>;
  /** @throws StudioError EXPERIMENT_NOT_FOUND. */
  getExperiment(id: string): Promise<Experiment>;
  /** Newest first; `after` is the id of the last row of the page before. */
  listExperiments(page: {
    after: string | null;
    limit: number;
    states?: readonly ExperimentState[];
  }): Promise<Experiment[]>;
  /** All that run, oldest start first. */
  listRunning(): Promise<Experiment[]>;
  /**
   * Writes all fields of `next`, whose revision becomes one more than `expected`. Refused with TASK_CONFLICT where the
   * stored revision is another, or where a running experiment of the same layer holds some of its buckets.
   */
  replaceExperiment(next: Experiment, expected: number): Promise<Experiment>;
  /** The first exposure of a unit to an arm; true when it is new. */
  recordExposure(exposure: { experimentId: string; unit: string; arm: string; at: Date }): Promise<boolean>;
  /** Units by arm, and those that saw more than one. */
  countExposures(experimentId: string): Promise<{ arms: ExposureCount[]; multiple: number }>;
  /** Keyset by unit; a unit of several arms comes with all of them, its first exposure at `at`. */
  listExposures(page: {
    experimentId: string;
    after: string | null;
    limit: number;
  }): Promise<{ unit: string; arms: string[]; at: Date }[]>;
  /** Adds to what is stored. */
  addAgreement(experimentId: string, sums: AgreementSums): Promise<void>;
  findAgreement(experimentId: string): Promise<AgreementSums | null>;
  /** One row per input hash: false, and nothing happens, where it is stored already. */
  putReadout(readout: Readout): Promise<boolean>;
  findNewestReadout(experimentId: string): Promise<Readout | null>;
  /** null: the experiment has none of this id. */
  findReadout(experimentId: string, readoutId: string): Promise<Readout | null>;
  /** Newest first; `after` is the id of the last row of the page before. */
  listReadouts(page: { experimentId: string; after: string | null; limit: number }): Promise<Readout[]>;
}
