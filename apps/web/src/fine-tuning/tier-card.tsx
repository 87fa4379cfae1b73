import type { TierName, TierReport, TierRow } from '@embedding-studio/contracts';
import { Badge } from '@/ui/badge';
import { Card } from '@/ui/card';
import { formatCount, formatDecimal, formatDelta, formatDuration } from '@/ui/format-number';
import { TierIntervals } from './tier-intervals';

const titles: Record<TierName, string> = {
  T0: 'Weights of words and meaning',
  T1: 'Query adapter',
  T2: 'Adapter on both sides',
  T3: 'Encoder',
};
const reindexes: Record<TierRow['reindex'], string> = {
  none: 'no reindex',
  multiply: 'reindex by multiplication',
  embed: 'every item embedded again',
};
const tones = { chosen: 'good', beaten: 'neutral', failed: 'bad', skipped: 'neutral' } as const;

/** What each way to learn gained over the best cheaper one, and which was taken. */
export function TierCard({ tiers }: { tiers: TierReport | null }) {
  if (tiers === null) return null;
  return (
    <Card
      title="Tiers"
      hint={`${formatCount(tiers.queries)} held-out queries, ${formatCount(tiers.unseenQueries)} about unseen items; ${
        tiers.isApart ? 'the gate asks others' : 'too few for two: the gate asks them too'
      }`}
    >
      <p className="mb-3 text-xs">{tiers.verdict}</p>
      <TierIntervals rows={tiers.rows} />
      <section className="mt-3 overflow-x-auto border-t pt-2" aria-label="Tiers compared" tabIndex={0}>
        <table className="nums w-full text-xs">
          <thead className="text-ink-faint">
            <tr>
              <th className="py-1 text-left font-normal">Tier</th>
              <th className="whitespace-nowrap pl-3 text-right font-normal">nDCG@10</th>
              <th className="whitespace-nowrap pl-3 text-right font-normal">Unseen items</th>
              <th className="whitespace-nowrap pl-3 text-right font-normal">Gain on the best cheaper (95 %)</th>
              <th className="whitespace-nowrap pl-3 text-right font-normal">Took</th>
            </tr>
          </thead>
          <tbody>
            {tiers.rows.map((row) => (
              <tr key={row.tier} className="border-t" title={row.reason}>
                <th className="min-w-44 py-1 text-left font-normal">
                  <span className="font-medium">{row.tier}</span> {titles[row.tier]}{' '}
                  <Badge tone={tones[row.status]}>{row.status}</Badge>
                  <span className="block text-2xs text-ink-faint">
                    {row.status === 'skipped' ? row.reason : reindexes[row.reindex]}
                  </span>
                </th>
                <td className="pl-3 text-right">{formatDecimal(row.ndcg10, 4)}</td>
                <td className="pl-3 text-right">{formatDecimal(row.unseenNdcg10, 4)}</td>
                <td className="whitespace-nowrap pl-3 text-right">
                  {row.delta === null
                    ? '—'
                    : `${formatDelta(row.delta.mean, 4)} (${formatDelta(row.delta.lo, 4)} to ${formatDelta(row.delta.hi, 4)})`}
                </td>
                <td className="whitespace-nowrap pl-3 text-right">
                  {row.seconds < 1 ? '—' : formatDuration(row.seconds * 1_000)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}
