/** What is said of one metric of one arm against the control. Never NaN, never a number in place of "unknown". */
export type ReadoutResult =
  | {
      kind: 'estimated';
      /** Metric of control and arm over all their units. */
      control: number;
      value: number;
      /** value − control, with its interval at the experiment's alpha. */
      difference: Interval;
      /** difference ÷ |control|; null where control is 0. */
      relative: Interval | null;
      /** null for `bayesian`. */
      p: number | null;
      /** After correction over all arms and metrics of the same role (Holm for primary, Benjamini–Hochberg for others). */
      adjustedP: number | null;
      /** `bayesian` only: probability that the arm is better, and the loss to expect if it is chosen, in the metric's unit. */
      chanceToWin: number | null;
      expectedLoss: number | null;
      /** Share of the variance that the time before the experiment explains (CUPED); null where it was not used. */
      explained: number | null;
    }
  | { kind: 'insufficient'; reason: string; have: number; need: number | null }
  | { kind: 'invalid'; reason: string };

export interface Interval {
  mean: number;
  lo: number;
  hi: number;
}

export interface ReadoutArm {
  arm: string;
  /** Units that saw this arm only, by their first exposure in the window. */
  units: number;
  /** Searches of those units that count. */
  searches: number;
}

export interface ReadoutMetric {
  metric: string;
  role: 'primary' | 'secondary' | 'guardrail';
  /** One for each arm but the control. */
  arms: { arm: string; result: ReadoutResult; isBreached: boolean }[];
}

export interface ReadoutHealth {
  /** The arms' units against their weights; p holds at every look. An alarm makes the whole read-out invalid. */
  srm: { p: number | null; expected: number[]; observed: number[]; isAlarm: boolean };
  /** Units that saw more than one arm; they are left out. */
  multiple: { units: number; share: number; isAlarm: boolean };
  /** The primary metric before the experiment: arms that differed already. null: no such time. */
  prePeriod: { p: number; isAlarm: boolean } | null;
  /** Whatever else speaks against trusting the figures: the live collection changed, searches could not be answered. */
  warnings: string[];
}

export interface ReadoutInterleaving {
  /** Users (units) for whom the second arm won, was equal, lost. */
  wins: number;
  ties: number;
  losses: number;
  /** Of searches with a credited click, clustered by unit: (wins + ties ÷ 2) ÷ all − ½; positive: the second arm. */
  preference: ReadoutResult;
  /** Searches whose lists were not the same, as a share. */
  disagreement: number | null;
  /** Credit by place, from the top, at most 20. */
  credit: { place: number; first: number; second: number }[];
}

/** `unhealthy` and `rollback` outrank everything else. */
export const readoutVerdicts = ['unhealthy', 'rollback', 'ship', 'no-difference', 'needs-data'] as const;
export type ReadoutVerdict = (typeof readoutVerdicts)[number];

/** An immutable snapshot: the same definition, facts and statistics always give the same one. */
export interface Readout {
  id: string;
  experimentId: string;
  definitionVersion: number;
  /** Facts of sessions in this time. */
  from: Date;
  to: Date;
  /** Of everything that went in; unique within the experiment. */
  inputHash: string;
  statsVersion: string;
  createdAt: Date;
  arms: ReadoutArm[];
  health: ReadoutHealth;
  metrics: ReadoutMetric[];
  /** `interleaving` only. */
  interleaving: ReadoutInterleaving | null;
  /** `shadow` only: means over the searches compared; null without any. */
  agreement: {
    searches: number;
    jaccard: number;
    rbo: number;
    sameTop: number;
    failed: number;
    skipped: number;
    tookMs: number;
  } | null;
  verdict: ReadoutVerdict;
  /** The arm that the verdict speaks of; null: none. */
  arm: string | null;
  /** In words, the most important first. */
  reasons: string[];
}
