import { readFileSync } from 'node:fs';

/** One case of `fixtures/losses/loss-vectors.json`; the README beside it has the formulas. */
export interface LossCase<Settings, Inputs> {
  name: string;
  settings: Settings;
  queries: number[][];
  items: number[][];
  inputs: Inputs;
  expected: { loss: number; queryGradients: number[][]; itemGradients: number[][] };
}

export interface GradedLists {
  lists: { query: number; weight: number; graded: { item: number; grade: number }[] }[];
}

export interface LossExamples {
  examples: { query: number; positive: number; weight: number; masked: number[] }[];
}

export interface LossCases {
  margin: LossCase<
    { margin: number; temperature: number },
    { pairs: { query: number; positive: number; negative: number; weight: number }[] }
  >;
  infoNce: LossCase<{ temperature: number }, LossExamples>;
  coSent: LossCase<{ temperature: number }, GradedLists>;
  gradedKl: LossCase<{ temperature: number; targetTemperature: number }, GradedLists>;
  distillation: LossCase<{ temperature: number }, { rows: { query: number; weight: number; teacher: number[] }[] }>;
  anchor: LossCase<Record<string, never>, { anchors: { item: number; weight: number; target: number[] }[] }>;
  matryoshkaInfoNce: LossCase<{ temperature: number; dims: number[] }, LossExamples>;
}

const path = new URL('../fixtures/losses/loss-vectors.json', import.meta.url);

/** All cases of one loss. */
export function readLossCases<Kind extends keyof LossCases>(kind: Kind): LossCases[Kind][] {
  const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: ({ loss: string } & LossCases[Kind])[] };
  return cases.filter(({ loss }) => loss === kind);
}

/** How far an engine is off, as a share of what float32 may miss: up to 1 is right. */
export function lossError(got: ArrayLike<number>, expected: readonly (readonly number[])[]): number {
  const wanted = expected.flat();
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const errors = wanted.map((value, at) => Math.abs((got[at] ?? Number.NaN) - value) / Math.max(1, Math.abs(value)));
  const worst = errors.reduce((most, error) => (Number.isNaN(error) || error > most ? error : most), 0);
  return worst / tolerance;
}

const tolerance = 1e-5;
