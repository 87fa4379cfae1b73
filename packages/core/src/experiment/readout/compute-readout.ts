import type { AgreementSums, Readout } from '@embedding-studio/contracts';
import { checkHealth } from './check-health.ts';
import { computeInterleaving } from './compute-interleaving.ts';
import { computeMetrics, invalidMetrics } from './compute-metrics.ts';
import { judgeReadout } from './judge-readout.ts';
import type { ReadoutInputs } from './readout-inputs.ts';

export type ReadoutFields = Pick<
  Readout,
  'arms' | 'health' | 'metrics' | 'interleaving' | 'agreement' | 'verdict' | 'arm' | 'reasons'
>;

/** Everything that is said of an experiment, from sums alone: the same sums always say the same. */
export function computeReadout(inputs: ReadoutInputs): ReadoutFields {
  const health = checkHealth(inputs);
  const isCompared = inputs.definition.kind === 'ab' || inputs.definition.kind === 'canary';
  const metrics = !isCompared
    ? []
    : health.srm.isAlarm
      ? invalidMetrics(inputs, 'The arms did not get the share of units that they should have got.')
      : computeMetrics(inputs);
  const interleaving = inputs.interleaving === null ? null : computeInterleaving(inputs, inputs.interleaving);
  const agreement = inputs.definition.kind === 'shadow' ? meanAgreement(inputs.agreement) : null;
  const judged = { health, metrics, interleaving, agreement };
  const arms = inputs.arms.map(({ arm, units, searches }) => ({ arm, units, searches }));
  return { ...{ arms, ...judged }, ...judgeReadout(inputs, judged) };
}

function meanAgreement(sums: AgreementSums | null): Readout['agreement'] {
  if (sums === null || sums.searches === 0) return null;
  const { searches, jaccard, rbo, sameTop, tookMs, failed, skipped } = sums;
  return {
    ...{ searches, failed, skipped, jaccard: jaccard / searches, rbo: rbo / searches },
    ...{ sameTop: sameTop / searches, tookMs: tookMs / searches },
  };
}
