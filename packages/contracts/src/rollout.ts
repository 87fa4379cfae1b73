import { z } from 'zod';
import type { TaskKind } from './task.ts';

export const RolloutState = z.enum([
  'requested',
  'trained',
  'gated',
  'deployed',
  'indexing',
  'verified',
  'live',
  'standby',
  'retired',
  'rejected',
  'failed',
  'rolledBack',
]);
export type RolloutState = z.infer<typeof RolloutState>;

/** Legal moves of the saga from a fine-tuning request to live, and back. Diagram: docs/architecture.md. */
export const rolloutTransitions: Record<RolloutState, readonly RolloutState[]> = {
  requested: ['trained', 'failed'],
  trained: ['gated', 'rejected', 'failed'],
  gated: ['deployed', 'failed'],
  deployed: ['indexing', 'failed'],
  indexing: ['verified', 'failed'],
  verified: ['live', 'failed'],
  live: ['standby', 'rolledBack'],
  standby: ['live', 'retired'],
  rolledBack: ['live', 'retired'],
  retired: [],
  rejected: [],
  /** Never back to `indexing`: what has missed writes is filled anew. To `verified` only what the live pointer names. */
  failed: ['requested', 'trained', 'gated', 'deployed', 'verified'],
};

/** The task that carries a rollout out of each state; null where it rests or an operator decides. */
export const rolloutStep: Record<RolloutState, TaskKind | null> = {
  requested: 'fine_tuning',
  trained: 'evaluation',
  gated: 'deployment',
  deployed: 'reindex',
  indexing: 'verification',
  verified: 'switch',
  live: null,
  standby: null,
  rolledBack: null,
  retired: null,
  rejected: null,
  failed: null,
};

export interface RolloutTransition {
  from: RolloutState;
  to: RolloutState;
  at: Date;
  actor: string;
  reason: string;
}

/** One document per rollout: the saga. `state` moves by compare-and-swap only. */
export interface Rollout {
  id: string;
  state: RolloutState;
  /** True for the first index of a base model: no training, no gate comparison. */
  isInitial: boolean;
  baseModelId: string | null;
  modelId: string | null;
  sourceCollectionId: string | null;
  collectionId: string | null;
  batchId: string | null;
  /** false: rests when verified, until an operator makes it live. Absent: true. */
  switches?: boolean;
  /** True: the deltas of the source's overlay go into its vectors; the model stays, nothing is trained. Absent: false. */
  foldsOverlay?: boolean;
  /** True: only queries move, by the adapter of its model; the collection stays. Absent: false. */
  movesQueries?: boolean;
  /** Whose queries; null or absent: of every tenant that has no adapter of its own. */
  tenant?: string | null;
  /** Starts only once that rollout rests. */
  waitsFor?: string | null;
  /** Full report of the gate once there is one (GateReport). */
  gate: Record<string, unknown> | null;
  verification: Record<string, unknown> | null;
  transitions: RolloutTransition[];
  createdAt: Date;
  updatedAt: Date;
}
