import { z } from 'zod';

/** When to fine-tune without being asked, and how far to go by itself. One per project. */
export const TrainingPolicy = z.strictObject({
  isEnabled: z.boolean(),
  /** `propose`: what the gate accepts waits, verified, for somebody to promote it. `automatic`: it goes live. */
  mode: z.enum(['propose', 'automatic']),
  /** New sessions that can teach something, since the last batch was released. */
  sessionsMin: z.number().int().min(20).max(10_000_000),
  /** Different queries among them. */
  queriesMin: z.number().int().min(1).max(10_000_000),
  /** At least so long after the last run began, whoever asked for it. */
  hoursBetween: z.number().min(0).max(8_760),
  method: z.string().min(1).max(64),
  settings: z.record(z.string(), z.unknown()),
});
export type TrainingPolicy = z.infer<typeof TrainingPolicy>;

/** What the workers saw when they last looked whether a training is due. */
export interface TrainingWatch {
  /** ISO 8601. */
  at: string;
  /** The batch that collects; null: none does. */
  batchId: string | null;
  sessions: number;
  usable: number;
  queries: number;
  /** Why nothing was started, or what was, as a sentence. */
  words: string;
  /** Of the newest run that the policy started. */
  rolloutId: string | null;
}
