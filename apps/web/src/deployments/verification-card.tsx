import { Check, X } from 'lucide-react';
import { Card } from '@/ui/card';
import { formatCount, formatDecimal, formatShare } from '@/ui/format-number';
import type { RolloutDetail } from './rollout-types';

type Verification = NonNullable<RolloutDetail['verification']>;

/** What was checked before the collection was allowed to serve. */
export function VerificationCard({ verification }: { verification: Verification }) {
  const { counts, failed, selfRetrieval, golden, recall } = verification;
  const checks = [
    {
      isMet: counts.stale <= failed,
      name: 'Counts',
      value: `${formatCount(counts.items)} items, ${formatCount(counts.parts)} parts`,
      note: `${formatCount(counts.stale)} without a vector of their content, ${formatCount(failed)} could not be embedded`,
    },
    {
      isMet: recall.recall10 >= 0.95,
      name: 'Recall@10',
      value: formatDecimal(recall.recall10),
      note: `against exact search on ${formatCount(recall.queries)} queries, with a beam of ${recall.efSearch}; at least 0.950`,
    },
    {
      isMet: selfRetrieval.share >= 0.99,
      name: 'Items find themselves',
      value: formatShare(selfRetrieval.share),
      note: `${formatCount(selfRetrieval.items)} items searched by their own vectors; at least 99 %`,
    },
    {
      isMet: golden.cosineMin >= 0.999,
      name: 'Served as trained',
      value: formatDecimal(golden.cosineMin, 5),
      note: `lowest cosine of ${formatCount(golden.texts)} texts between trainer and model server; at least 0.999`,
    },
  ];
  return (
    <Card title="Verification" hint="All must hold before the switch; else the live collection stays as it is." isFlush>
      <ul className="divide-y">
        {checks.map(({ name, value, note, isMet }) => (
          <li key={name} className="flex items-start gap-3 px-4 py-2.5">
            {isMet ? (
              <Check aria-label="holds" className="mt-0.5 size-4 shrink-0 text-good" />
            ) : (
              <X aria-label="fails" className="mt-0.5 size-4 shrink-0 text-bad" />
            )}
            <div className="min-w-0 flex-1">
              <div className="flex flex-wrap justify-between gap-x-4">
                <span className="font-medium">{name}</span>
                <span className="nums">{value}</span>
              </div>
              <p className="text-ink-faint text-xs">{note}</p>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
