import type { Delta, TierName, TierReport, TierRow } from '@embedding-studio/contracts';

export const tierTitles: Record<TierName, string> = {
  T0: 'words and meaning weighed anew',
  T1: 'query adapter',
  T2: 'adapter on both sides',
  T3: 'encoder',
};

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;

export const formatInterval = ({ mean, lo, hi }: Delta): string => `${signed(mean)} (${signed(lo)} to ${signed(hi)})`;

export function explainTier(row: { isBetter: boolean; delta: Delta; against: string }): string {
  const numbers = `nDCG@10 ${formatInterval(row.delta)} against ${row.against}`;
  return row.isBetter ? `${numbers}: better beyond chance.` : `${numbers}: not better beyond chance.`;
}

export function explainChoice(rows: readonly TierRow[], chosen: TierName): string {
  const row = rows.find(({ tier }) => tier === chosen);
  const dearer = rows.filter(({ tier, status }) => tier > chosen && status === 'beaten').map(({ tier }) => tier);
  const rest = dearer.length === 0 ? '' : ` Dearer ones are no better: ${dearer.join(', ')}.`;
  const skipped = rows.filter(({ status }) => status === 'skipped');
  const unproven = skipped.map(({ tier, reason }) => ` ${tier}: ${reason}`).join('');
  const number = row?.ndcg10 === null || row === undefined ? '' : `, nDCG@10 ${row.ndcg10.toFixed(4)}`;
  if (chosen !== 'T0') return `${chosen}, ${tierTitles[chosen]}${number}, is rolled out.${rest}${unproven}`;
  return `No training is better than ${tierTitles.T0} (T0${number}): the model stays.${rest}${unproven}`;
}

export function formatTier({ tier, status, ndcg10, seconds, reason }: TierRow): string {
  const number = ndcg10 === null ? status : `nDCG@10 ${ndcg10.toFixed(4)}`;
  return `${tier}, ${tierTitles[tier]}: ${number} in ${Math.round(seconds)} s. ${reason}`;
}

export function formatQueries({ queries, unseenQueries, isApart }: TierReport): string {
  const gate = isApart ? 'the gate asks others' : 'too few to share: the gate asks the same ones';
  return `Tiers are compared on ${queries} held-out queries, ${unseenQueries} of them about unseen items; ${gate}.`;
}
