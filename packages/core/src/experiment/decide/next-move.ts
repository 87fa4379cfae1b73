import type { Experiment } from '@embedding-studio/contracts';
import { trafficOf } from '../check-definition.ts';
import { percent } from '../readout/readout-words.ts';

export type CanaryMove =
  | { kind: 'step'; step: number; traffic: number; words: string }
  /** All steps are behind it. */
  | { kind: 'ship'; arm: string };

/** What time and units ask for, if the figures do not speak against it; null: nothing yet. */
export function nextMove(
  { definition, step, stepAt }: Pick<Experiment, 'definition' | 'step' | 'stepAt'>,
  { units, now }: { units: ReadonlyMap<string, number>; now: Date },
): CanaryMove | null {
  const { canary, arms } = definition;
  const arm = arms[1]?.name;
  if (definition.kind !== 'canary' || canary === undefined || step === null || stepAt === null) return null;
  if (arm === undefined || now.getTime() - stepAt.getTime() < canary.minutesPerStep * 60_000) return null;
  if (arms.some(({ name }) => (units.get(name) ?? 0) < canary.unitsPerStep)) return null;
  const share = canary.steps[step + 1];
  if (share === undefined) return { kind: 'ship', arm };
  return {
    kind: 'step',
    step: step + 1,
    traffic: trafficOf(share),
    words: `${percent(share)} of the units see ${arm} now.`,
  };
}
