import { z } from 'zod';

/** Whether searches that keep a session now and then show an item from behind their first page. One per project. */
export const ExplorationPolicy = z.strictObject({
  isEnabled: z.boolean(),
  /** Share of searches that explore. */
  epsilon: z.number().min(0).max(0.05),
  /** First place that an explored item may take; the three above belong to the ranking. */
  placeMin: z.number().int().min(4).max(10),
});
export type ExplorationPolicy = z.infer<typeof ExplorationPolicy>;
