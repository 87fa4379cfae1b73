import { z } from 'zod';
import type { ExclusionReason } from './exclusion.ts';
import type { SessionExperiment } from './experiment.ts';
import { ItemId } from './item.ts';

export const SessionId = z.string().min(1).max(128);

export const ShownResult = z.object({
  itemId: ItemId,
  /** The caller's own order, smaller first; `position` goes before it. */
  rank: z.number().optional(),
  /** Place in the rendered list, from 1, over all of its pages. */
  position: z.number().int().min(1).max(100_000).optional(),
  /** Of an item that was put in its place by chance (exploration): the probability of that. */
  propensity: z.number().positive().max(1).optional(),
  meta: z.record(z.string(), z.unknown()).optional(),
});
export type ShownResult = z.infer<typeof ShownResult>;

/** One query, the list shown (top first), what the user did. */
export interface Session {
  sessionId: string;
  query: string;
  shown: ShownResult[];
  userId?: string;
  searchMeta?: Record<string, unknown>;
  createdAt: Date;
  isIrrelevant: boolean;
  batchId: string;
  /** Position in the batch, from 1; gaps never occur. */
  sessionNumber: number;
  /** Model and collection that ranked the list, when the search itself made the session. */
  modelId?: string;
  collectionId?: string;
  /** Why nothing is learned from it; absent or empty when nothing speaks against it. */
  exclusions?: ExclusionReason[];
  /** Experiments that made its list, at most 5; absent: none. */
  experiments?: SessionExperiment[];
}

export interface SessionEvent {
  sessionId: string;
  eventId: string;
  itemId: string;
  /** See `eventWeights`; any other name is stored, and nothing is learned from it. */
  type: string;
  /** How long the user stayed with the item. */
  dwellSeconds?: number;
  /** Where the item stood when it happened, from 1. */
  position?: number;
  createdAt: Date;
  /** Arrival at the server: a frozen batch ignores what came after its release. */
  receivedAt: Date;
  meta?: Record<string, unknown>;
}

export type SessionWithEvents = Session & { events: SessionEvent[] };

export const BatchStatus = z.enum(['collecting', 'released']);

/** A frozen set of sessions. Exactly one batch collects at any time. */
export interface SessionBatch {
  batchId: string;
  status: z.infer<typeof BatchStatus>;
  sessionCount: number;
  createdAt: Date;
  releaseId?: string;
  releasedAt?: Date;
}
