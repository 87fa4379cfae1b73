import { z } from 'zod';

/** What holds for all experiments of an installation. */
export const ExperimentPolicy = z.strictObject({
  /** Share of the units that no experiment ever touches: what all of them together have changed is measured on these. */
  holdoutShare: z.number().min(0).max(0.5),
  /** A running experiment gets a read-out this often. */
  readoutMinutes: z.number().int().min(1).max(1_440),
});
export type ExperimentPolicy = z.infer<typeof ExperimentPolicy>;

export const defaultExperimentPolicy: ExperimentPolicy = { holdoutShare: 0, readoutMinutes: 15 };
