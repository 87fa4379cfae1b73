import { z } from 'zod';

const Days = z.number().int().min(0).max(36_500);

/** How long things are kept, in days; 0 keeps them for ever. */
export const RetentionPolicy = z.strictObject({
  /** Sessions with their events, by batch, and what was learned from them. */
  sessionsDays: Days,
  /** Tasks that have ended. */
  tasksDays: Days,
});
export type RetentionPolicy = z.infer<typeof RetentionPolicy>;

/** What a sweep removed. */
export interface RetentionCounts {
  tasks: number;
  batches: number;
  sessions: number;
  events: number;
  /** Sessions of the collecting batch that were emptied in place: its numbers have no gaps. */
  emptied: number;
  /** Maps that a newer one replaced, that nobody finished, or whose collection is gone. */
  maps: number;
  /** Pictures that no item has any more. */
  images: number;
}
