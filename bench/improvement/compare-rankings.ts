import type { JudgedQuery } from '@embedding-studio/contracts';
import { measureQuery } from '@embedding-studio/ml/ranking';
import { meanOf, pairedBootstrap } from '@embedding-studio/stats';

/** Ids, best first, of the same query without and with what is measured. */
export interface RankedPair {
  judged: JudgedQuery;
  off: readonly string[];
  on: readonly string[];
}

export interface Compared {
  n: number;
  measures: Record<
    (typeof measures)[number],
    { off: number; on: number; delta: { mean: number; lo: number; hi: number } }
  >;
  wins: number;
  losses: number;
}

export const measures = ['ndcg10', 'recall10', 'mrr10'] as const;
const seed = 1;
const tieWidth = 1e-9;

/** Means of both sides and the 95 % interval of the paired difference. */
export function compareRankings(pairs: readonly RankedPair[]): Compared {
  const scored = pairs.map(({ judged, off, on }) => ({ off: measureQuery(off, judged), on: measureQuery(on, judged) }));
  const compared = measures.map((measure) => {
    const differences = scored.map(({ off, on }) => on[measure] - off[measure]);
    const estimate = pairedBootstrap(differences, { seed });
    const { mean, lo, hi } = estimate.kind === 'estimated' ? estimate : { mean: meanOf(differences), lo: -1, hi: 1 };
    const means = {
      off: meanOf(scored.map(({ off }) => off[measure])),
      on: meanOf(scored.map(({ on }) => on[measure])),
    };
    return [measure, { ...means, delta: { mean, lo, hi } }] as const;
  });
  const changes = scored.map(({ off, on }) => on.ndcg10 - off.ndcg10);
  return {
    n: pairs.length,
    measures: Object.fromEntries(compared) as Compared['measures'],
    wins: changes.filter((change) => change > tieWidth).length,
    losses: changes.filter((change) => change < -tieWidth).length,
  };
}

export function formatChange(compared: Compared, measure: (typeof measures)[number] = 'ndcg10'): string {
  const { mean, lo, hi } = compared.measures[measure].delta;
  return `${sign(mean)} (${sign(lo)}, ${sign(hi)})`;
}

const sign = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
