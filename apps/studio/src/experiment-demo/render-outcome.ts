import type { Interval, Readout, ReadoutResult } from '@embedding-studio/contracts';
import { table } from '../terminal/table.ts';
import type { Compared } from './compare-models.ts';
import type { CanaryOutcome } from './roll-back-canary.ts';

export interface ExperimentOutcome {
  model: string;
  dataset: string;
  /** CTR@3 that the click model expects of the serving, the good and the broken model. */
  truth: readonly number[];
  interleaved: Compared;
  tested: Compared;
  shipped: boolean;
  canary: CanaryOutcome;
  seconds: number;
}

export function renderOutcome(outcome: ExperimentOutcome): string[] {
  const { truth, interleaved, tested, canary, shipped } = outcome;
  const [serving = 0, good = 0, broken = 0] = truth;
  const { state, step, timeline } = canary.experiment;
  const rows = [
    [
      'interleaving',
      preferenceOf(good - serving),
      say(interleaved.readout.interleaving?.preference),
      verdictOf(interleaved),
    ],
    ['A/B test', signed(good - serving), say(primaryOf(tested.readout)), verdictOf(tested)],
  ];
  return [
    '',
    `data: ${outcome.dataset} (simulated people)   model: ${outcome.model}`,
    `known truth, CTR@3 by the click model: serving ${serving.toFixed(3)}, good ${good.toFixed(3)}, broken ${broken.toFixed(3)}`,
    '',
    ...table(['experiment', 'truth', 'measured (interval that may be looked at any time)', 'verdict'], rows),
    '',
    shipped
      ? 'the good model was shipped and serves'
      : 'the A/B test did not speak for the good model: nothing was shipped',
    `canary of the broken model: ${state} at step ${(step ?? 0) + 1} after ${canary.people} people and ${canary.seconds.toFixed(0)} s; ` +
      `${canary.stillSeen} of 100 searches afterwards were answered by it`,
    `  ${timeline.find(({ kind }) => kind === 'rolledBack' || kind === 'shipped')?.words ?? timeline.at(-1)?.words ?? ''}`,
    '',
    `seconds: ${outcome.seconds.toFixed(0)}`,
  ];
}

const preferenceOf = (difference: number): string => (difference > 0 ? 'good is better' : 'serving is better');
const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(3)}`;
const interval = ({ mean, lo, hi }: Interval): string => `${signed(mean)} (${signed(lo)}, ${signed(hi)})`;

function say(result: ReadoutResult | undefined): string {
  if (result === undefined) return '–';
  return result.kind === 'estimated' ? interval(result.difference) : result.reason;
}

function primaryOf({ metrics }: Readout): ReadoutResult | undefined {
  return metrics.find(({ role }) => role === 'primary')?.arms[0]?.result;
}

function verdictOf({ readout, people }: Compared): string {
  return `${readout.verdict} after ${people} people`;
}
