import type { GateReport } from '@embedding-studio/contracts';
import { formatCount } from '../evaluation/gate-numbers.ts';

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** The verdict as a sentence or two that stand without the numbers beside them. */
export function gateWords(report: GateReport): string {
  const { decision, queries, delta, wins, ties, losses, unseen } = report;
  const verdict = decision === 'accepted' ? 'Accepted' : 'Rejected';
  const change = `nDCG@10 changes by ${signed(delta.mean)} (95 % interval ${signed(delta.lo)} to ${signed(delta.hi)})`;
  const tally = `${formatCount(wins)} queries better, ${formatCount(ties)} equal, ${formatCount(losses)} worse`;
  const onUnseen =
    unseen === null
      ? 'No query with unseen items could be judged.'
      : `On ${formatCount(unseen.queries)} queries whose items training never saw: ${signed(unseen.delta.mean)}.`;
  return `${verdict}: on ${formatCount(queries)} held-out queries ${change}; ${tally}. ${onUnseen}`;
}
