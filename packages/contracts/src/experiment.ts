import { z } from 'zod';
import { RankingProfile } from './ranking.ts';

/**
 * `ab`: each unit sees one arm. `canary`: an A/B test of two arms whose traffic grows by steps while no guardrail is
 * breached, then ships. `interleaving`: both arms make one list (Radlinski et al. 2008). `shadow`: everybody sees the
 * first arm, the second one is computed beside it and compared.
 */
export const ExperimentKind = z.enum(['ab', 'canary', 'interleaving', 'shadow']);
export type ExperimentKind = z.infer<typeof ExperimentKind>;

export const ExperimentState = z.enum(['draft', 'running', 'stopped', 'shipped', 'rolledBack']);
export type ExperimentState = z.infer<typeof ExperimentState>;

/** `stopped`: no verdict was carried out; `rolledBack`: a guardrail was breached, by the scheduler or by hand. */
export const experimentTransitions: Record<ExperimentState, readonly ExperimentState[]> = {
  draft: ['running', 'stopped'],
  running: ['stopped', 'shipped', 'rolledBack'],
  stopped: ['shipped'],
  shipped: [],
  rolledBack: [],
};

/** Buckets of a layer; a unit's bucket is its hash modulo this. */
export const layerBuckets = 10_000;

const weight = z.number().min(0).max(1);
const fieldWeight = z.number().min(0).max(20);

/** What an arm does otherwise than the live search; an empty one is the live search as it is. */
export const ArmTreatment = z.strictObject({
  /** Another collection, and with it another model; absent: the one that serves when the experiment starts. */
  collectionId: z.string().min(1).max(128).optional(),
  retriever: z.enum(['hybrid', 'vector', 'lexical']).optional(),
  /** Share of meaning in a hybrid score; absent, like all below: as the collection has it. */
  vectorWeight: weight.optional(),
  lexicalNorm: RankingProfile.shape.lexicalNorm.optional(),
  cosineNorm: RankingProfile.shape.cosineNorm.optional(),
  titleWeight: fieldWeight.optional(),
  bodyWeight: fieldWeight.optional(),
  /** false: without the deltas and interests that clicks have earned. */
  improvement: z.boolean().optional(),
  /** false: without the adapter that moves queries. */
  queryAdapter: z.boolean().optional(),
  /** Ids of the only rankers, in their order; an empty list: none. */
  rankers: z.array(z.string().min(1).max(128)).max(10).optional(),
});
export type ArmTreatment = z.infer<typeof ArmTreatment>;

export const armName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens, 32 at most');

export const Arm = z.strictObject({
  name: armName,
  /** Share of the experiment's traffic; shares are divided by their sum. */
  weight: z.number().positive().max(1_000).default(1),
  treatment: ArmTreatment.default({}),
});
export type Arm = z.infer<typeof Arm>;

export const Guardrail = z.strictObject({
  metric: z.string().min(1).max(64),
  /** How much worse than control it may become, as a share of control's value. */
  lossMax: z.number().min(0).max(1).default(0.05),
});
export type Guardrail = z.infer<typeof Guardrail>;

export const CanaryPlan = z.strictObject({
  /** Shares of all units that see the new arm, step by step; after the last one it ships. */
  steps: z.array(z.number().positive().max(0.5)).min(1).max(10).default([0.01, 0.05, 0.25, 0.5]),
  /** A step lasts at least so long and until each arm has so many units. */
  minutesPerStep: z.number().int().min(0).max(43_200).default(60),
  unitsPerStep: z.number().int().min(1).max(1_000_000).default(500),
});
export type CanaryPlan = z.infer<typeof CanaryPlan>;

/** Everything a person decides about an experiment. The first arm is the control. */
export const ExperimentDefinition = z.strictObject({
  name: z.string().trim().min(1).max(120),
  hypothesis: z.string().trim().max(2_000).default(''),
  kind: ExperimentKind,
  /** Who is assigned: a user (`userId` of the search), one search session, or the application's key. */
  unit: z.enum(['user', 'session', 'key']).default('user'),
  /** Experiments of one layer never share a unit. */
  layer: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, 'lower-case letters, digits and hyphens, 32 at most')
    .default('main'),
  /** Share of the layer that is kept for this experiment, whatever part of it gets traffic. */
  layerShare: z.number().min(0.001).max(1).default(1),
  /** Share of the kept units that take part now; may grow and shrink while it runs. */
  traffic: z.number().min(0).max(1).default(1),
  arms: z.array(Arm).min(2).max(6),
  /** Only searches whose `attributes` have one of the values under each name; none: all. */
  targeting: z.record(z.string().min(1).max(64), z.array(z.string().max(128)).min(1).max(50)).default({}),
  primaryMetric: z.string().min(1).max(64).default('satisfied-ctr'),
  secondaryMetrics: z.array(z.string().min(1).max(64)).max(10).default([]),
  guardrails: z.array(Guardrail).max(10).default([]),
  /** Probability of a false alarm, of each arm's verdict and of each guardrail. */
  alpha: z.number().min(0.001).max(0.2).default(0.05),
  /** `sequential` may be looked at any time; `fixed` only once `unitsExpected` have come. */
  analysis: z.enum(['sequential', 'fixed', 'bayesian']).default('sequential'),
  /** Units of both arms that the sequential interval is narrowest at, or that `fixed` waits for. */
  unitsExpected: z.number().int().min(100).max(100_000_000).default(5_000),
  /** Of each arm; below it nothing is said. */
  unitsMin: z.number().int().min(1).max(1_000_000).default(100),
  canary: CanaryPlan.optional(),
  /** `interleaving` only. */
  interleaving: z.enum(['team-draft', 'balanced']).default('team-draft'),
});
export type ExperimentDefinition = z.infer<typeof ExperimentDefinition>;
export type NewExperiment = z.input<typeof ExperimentDefinition>;

export interface ExperimentEvent {
  at: Date;
  actor: string;
  /**
   * `created`, `edited`, `started`, `traffic`, `step`, `breach`, `waits`, `stopped`, `shipped`, `rolledBack`, and
   * `settled` once all that follows from the last two has been done.
   */
  kind: string;
  words: string;
}

export interface Experiment {
  id: string;
  definition: ExperimentDefinition;
  state: ExperimentState;
  /** Of the definition; grows with every edit. Read-outs name it. */
  version: number;
  /** Compare-and-swap token: grows with every write. */
  revision: number;
  /** Makes the arm of a unit; given when it is created. */
  salt: string;
  /** Buckets of the layer, `to` not included; null until it runs. */
  buckets: { from: number; to: number } | null;
  /** Step of the canary, from 0; null for other kinds. */
  step: number | null;
  /** When the present step or share of traffic began. */
  stepAt: Date | null;
  /** What each arm answers from, fixed at the start: by arm name. */
  collections: Record<string, string>;
  timeline: ExperimentEvent[];
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  /** Of an experiment that shipped: the arm. */
  shippedArm: string | null;
}

/** What the session says of an experiment that it took part in. */
export const SessionExperiment = z.strictObject({
  experimentId: z.string().min(1).max(64),
  /** Of an interleaved list: `interleaved`. */
  arm: z.string().min(1).max(64),
  unit: z.string().min(1).max(160),
  /**
   * Of an interleaved list, by place from the top: `A` first arm, `B` second arm, `-` both agree (no credit). At most 100.
   */
  teams: z
    .string()
    .regex(/^[AB-]{0,100}$/)
    .optional(),
});
export type SessionExperiment = z.infer<typeof SessionExperiment>;

/** How alike the visible and the shadow answer were, summed over searches. */
export interface AgreementSums {
  searches: number;
  /** Sum of |A ∩ B| ÷ |A ∪ B| over the first ten. */
  jaccard: number;
  /** Sum of rank-biased overlap, p = .9. */
  rbo: number;
  /** Searches with the same first item. */
  sameTop: number;
  /** Searches that the shadow arm could not answer. */
  failed: number;
  /** Searches that were not compared because too many were under way. */
  skipped: number;
  tookMs: number;
}
