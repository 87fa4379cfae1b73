import type { Readout } from '@embedding-studio/contracts';
import { Card } from '@/ui/card';
import { formatCount, formatDecimal, formatDuration, formatShare } from '@/ui/format-number';

/** How alike the visible and the shadow answer are. */
export function AgreementCard({ agreement }: { agreement: NonNullable<Readout['agreement']> }) {
  const { searches, sameTop, jaccard, rbo, failed, skipped, tookMs } = agreement;
  const figures = [
    { name: 'Compared', value: formatCount(searches), note: 'searches' },
    { name: 'Same first item', value: formatShare(sameTop), note: 'of them' },
    { name: 'Jaccard@10', value: formatDecimal(jaccard), note: '1: the same ten items' },
    { name: 'Rank-biased overlap', value: formatDecimal(rbo), note: '1: in the same order too' },
    { name: 'Took', value: formatDuration(tookMs), note: 'of the shadow, on average' },
    { name: 'Failed', value: formatCount(failed), note: 'the shadow could not answer', isBad: failed > 0 },
    { name: 'Skipped', value: formatCount(skipped), note: 'too many were under way' },
  ];
  return (
    <Card
      title="Agreement"
      hint="How alike what people see and the shadow are. It does not say which is better."
      isFlush
    >
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 p-4 sm:grid-cols-4 xl:grid-cols-7">
        {figures.map(({ name, value, note, isBad }) => (
          <div key={name}>
            <dt className="text-ink-faint text-xs">{name}</dt>
            <dd className={`nums font-semibold text-base ${isBad ? 'text-bad' : ''}`}>{value}</dd>
            <dd className="text-2xs text-ink-faint">{note}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
