import type { ReadoutInterleaving, ReadoutResult } from '@embedding-studio/contracts';
import { compareInterleaving } from '@embedding-studio/stats';
import { toFault, toInterval } from './compare-arms.ts';
import type { InterleavingSums, ReadoutInputs } from './readout-inputs.ts';

/** Whose items people chose, by unit; the interval may be looked at any time unless the analysis is fixed. */
export function computeInterleaving(
  { definition }: Pick<ReadoutInputs, 'definition'>,
  sums: InterleavingSums,
): ReadoutInterleaving {
  const { stats, searches, different, credit } = sums;
  const counted = stats.kind === 'estimated' ? stats : { preferA: 0, preferB: 0, even: 0 };
  return {
    ...{ wins: counted.preferB, ties: counted.even, losses: counted.preferA, credit },
    preference: prefer(definition, sums),
    disagreement: searches === 0 ? null : different / searches,
  };
}

function prefer(
  { alpha, analysis, unitsMin, unitsExpected }: ReadoutInputs['definition'],
  { stats }: InterleavingSums,
): ReadoutResult {
  if (stats.kind !== 'estimated') return toFault(stats);
  const have = stats.users.n;
  const need = analysis === 'fixed' ? unitsExpected : unitsMin;
  if (have < need)
    return { kind: 'insufficient', reason: `${need} units with a credited click are needed.`, have, need };
  const found = compareInterleaving(stats, { alpha, expectedUnits: unitsExpected });
  if (found.kind !== 'estimated') return toFault(found);
  const isFixed = analysis === 'fixed';
  const difference = toInterval(isFixed ? found.delta : found.sequential);
  return {
    ...{ kind: 'estimated', control: 0.5, value: 0.5 + difference.mean, difference },
    relative: { mean: 2 * difference.mean, lo: 2 * difference.lo, hi: 2 * difference.hi },
    ...{ p: isFixed ? found.p : found.sequentialP, adjustedP: null, chanceToWin: null },
    ...{ expectedLoss: null, explained: null },
  };
}
