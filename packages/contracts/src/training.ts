import type { AdapterSettings } from './adapter.ts';
import type { TierName } from './tiers.ts';

/** One query with what its users clicked and passed over; item texts travel once, by id. */
export interface TrainingQuery {
  /** Id of the session that it was made of. */
  queryId: string;
  text: string;
  clicked: { itemId: string; weight: number }[];
  /** Shown, examined and not clicked. */
  skipped: string[];
  /** Near by the base model, never clicked for this query, clearly behind what was. Absent: none were looked for. */
  hardNegatives?: string[];
}

export interface TrainingSet {
  queries: TrainingQuery[];
  itemTexts: Record<string, string>;
  /** Given where items are more than text: queries learn to find these rows, which stay as they are. */
  itemRows?: ItemRows;
}

/** Stored unit vectors of items that training does not move. */
export interface ItemRows {
  dims: number;
  ids: string[];
  /** [ids][dims] */
  values: Float32Array;
}

/** Terms that join a loss; absent or 0: off. Coefficients multiply a weighted mean over the queries of a step. */
export interface LossTerms {
  /** Of CoSENT over the graded items of each query. */
  coSent?: number;
  /** Of KL to grades turned into a distribution (softmax of grade / `targetTemperature`) over each query's items. */
  gradedKl?: number;
  /** Of KL to the base model's scores over all items of the batch. */
  distill?: number;
  /** Of the mean of 1 − cosine to the base model's vectors, on texts that no click is about. */
  anchor?: number;
  /** Texts of the anchor in each micro-batch; default 16. */
  anchorTexts?: number;
  /** Default 1. */
  targetTemperature?: number;
  /** Contrastive only: an item that the base model ranks above the clicked one is no negative of that query. */
  guide?: boolean;
  /** The loss is summed over vectors cut to each of these lengths and brought to unit length again. */
  matryoshkaDims?: number[];
}

type MainLoss =
  /** In-batch InfoNCE over (query, clicked item), temperature in cosine units; known positives are masked. */
  | { kind: 'contrastive'; temperature: number; negativesPerQuery: number }
  /** Sigmoid margin over all clicked × not clicked pairs of a query: mean of w·σ((margin − (s⁺ − s⁻)) / temperature). */
  | { kind: 'margin'; margin: number; temperature: number; negativesPerQuery: number }
  /** CoSENT over the graded items of each query: ln(1 + Σ over pairs with grade a > b of e^((s_b − s_a) / temperature)). */
  | { kind: 'coSent'; temperature: number; negativesPerQuery: number }
  /** KL(softmax(grade / targetTemperature) ‖ softmax(s / temperature)) over the graded items of each query. */
  | { kind: 'gradedKl'; temperature: number; negativesPerQuery: number };

export type LossSpec = MainLoss & LossTerms;

export type TrainablePart =
  | { kind: 'all' }
  | { kind: 'lastLayers'; layers: number }
  | { kind: 'lora'; rank: number; alpha: number; layers: number | 'all' };

export interface HardNegativeSettings {
  /** Of the visits of a query, those that bring hard negatives. */
  share: number;
  /** Hard negatives of such a visit. */
  perQuery: number;
  /** An item counts when its cosine is at most (1 − margin) × that of the nearest clicked item. */
  margin: number;
}

/** What looking for hard negatives found, and why not more. */
export interface HardNegativeReport {
  /** Whose vectors were searched: the live collection's, or those of a sample embedded for the run. */
  source: 'live' | 'sample';
  /** Distinct queries that were looked at. */
  queries: number;
  withNegatives: number;
  negatives: number;
  /** Candidates left out: too near to be told from a right answer, or clicked for the query. */
  tooNear: number;
  clicked: number;
  /** Queries left out: no clicked item has a vector, or time was up. */
  unplaced: number;
  outOfTime: number;
}

export interface TrainingSettings {
  loss: LossSpec;
  trainable: TrainablePart;
  batchQueries: number;
  /** Micro-batches whose gradients are summed before one optimiser step. */
  accumulationSteps: number;
  epochsMax: number;
  /** Stops after this many optimiser steps even if an epoch is unfinished; null = no cap. */
  stepsMax: number | null;
  /** Stops at this wall-clock budget, seconds; the schedule is scaled to it; null = no cap. */
  secondsMax: number | null;
  /** Peak of the schedule; null: chosen by the trainer from the encoder's depth. */
  learningRate: number | null;
  warmupShare: number;
  weightDecay: number;
  gradientNormMax: number;
  maxTokens: number;
  /** An adapter over stored vectors is trained in place of the encoder. Absent: the encoder. */
  adapter?: AdapterSettings;
  /** Several tiers are tried, these settings being those of T3, and the cheapest that none beats is taken. Absent: no choice. */
  tiers?: TierSettings;
  /** `auto`: clicks on ranks that are looked at less count more, where the sessions show by how much; see `PropensityCurve`. Absent: off. */
  debias?: 'auto' | 'off';
  /** Takes the texts of a batch through the encoder in parts of so many: same gradient, less memory. Absent: by batch size. */
  gradCache?: { chunk: number };
  /** Items that the base model ranks near, as further negatives; absent: none. */
  hardNegatives?: HardNegativeSettings;
  /** Queries of earlier batches, as a share of all training queries; absent: 0. */
  replayShare?: number;
  /** Picks weights between the base model's and the trained ones by queries put aside; see `MixingSet`. Absent: false. */
  wiseFt?: boolean;
  seed: number;
  threads: number;
  checkpointEverySteps: number;
}

export interface TierSettings {
  /** In this order; T0 is always measured. */
  tried: TierName[];
  /** Of T1 and T2. */
  queries: TrainingSettings;
  both: TrainingSettings;
}

export interface TrainingProgress {
  step: number;
  stepsTotal: number;
  loss: number;
  learningRate: number;
  gradientNorm: number;
  examplesPerSecond: number;
  secondsLeft: number;
}

/** Held-out queries that are ranked now and then while training runs, to draw a curve; nothing is chosen by it. */
export interface ValidationSet {
  queries: { text: string; relevant: Record<string, number>; judged: string[] }[];
  itemTexts: Record<string, string>;
  /** In place of what the model makes of the texts. */
  itemRows?: ItemRows;
}

export interface ValidationPoint {
  step: number;
  /** Mean nDCG@10 over the lists of judged items, ranked by cosine alone. */
  ndcg10: number;
}

/** What weights between the base model's and the trained ones are compared on. Rankings go over all of `itemTexts`. */
export interface MixingSet {
  /** What training is for; none of them trained, and the gate asks none. */
  queries: MixingQuery[];
  /** Queries that no click is about: what must not get worse. */
  anchors: MixingQuery[];
  itemTexts: Record<string, string>;
  /** In place of what the model makes of the texts. */
  itemRows?: ItemRows;
}

export interface MixingQuery {
  text: string;
  /** Gain by item. */
  relevant: Record<string, number>;
}

/** θ = (1 − α)·base + α·trained, by α; α = 0 is the base model. */
export interface MixingReport {
  /** Of the exported weights. */
  alpha: number;
  /** false: every α costs the anchor queries more than `anchorDropMax`; the one that costs least was taken. */
  isConstraintMet: boolean;
  /** Largest share of the base model's anchor nDCG@10 that may be lost. */
  anchorDropMax: number;
  rows: MixingRow[];
  queries: number;
  anchors: number;
  seconds: number;
}

export interface MixingRow {
  alpha: number;
  /** Mean nDCG@10 of the held-out queries. */
  ndcg10: number;
  /** Mean nDCG@10 of the anchor queries. */
  anchorNdcg10: number;
}

export interface TrainingReport {
  steps: number;
  stoppedBy: 'epochs' | 'steps' | 'seconds';
  lossFirst: number;
  lossLast: number;
  seconds: number;
  trainableParameters: number;
  executionProvider: string;
  resumedFromStep: number;
  /** Absent unless `wiseFt` was asked for and there was something to compare on. */
  mixing?: MixingReport;
}
