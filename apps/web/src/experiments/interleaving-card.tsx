import type { Experiment, ReadoutInterleaving } from '@embedding-studio/contracts';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { formatCount, formatDelta, formatShare } from '@/ui/format-number';
import { CreditByPlace } from './credit-by-place';
import { placeOf } from './interval-rows';

export interface InterleavingCardProps {
  interleaving: ReadoutInterleaving;
  arms: Experiment['definition']['arms'];
}

/** Whose part of the lists people chose. */
export function InterleavingCard({ interleaving, arms }: InterleavingCardProps) {
  const [first = 'first', second = 'second'] = arms.map(({ name }) => name);
  const { disagreement, credit } = interleaving;
  return (
    <>
      <Card
        title="Preference"
        hint={`Whose part of the mixed lists each user clicked more: ${second} against ${first}`}
      >
        <div className="grid gap-4">
          <Tally interleaving={interleaving} second={second} first={first} />
          <Preference result={interleaving.preference} first={first} second={second} />
          <p className="text-ink-soft text-xs">
            Lists that were not the same: <b className="nums font-medium text-ink">{formatShare(disagreement)}</b> of
            the searches. Only these can tell the arms apart.
          </p>
        </div>
      </Card>
      {credit.length > 0 && <CreditByPlace credit={credit} first={first} second={second} />}
    </>
  );
}

function Tally({ interleaving, first, second }: { interleaving: ReadoutInterleaving; first: string; second: string }) {
  const { wins, ties, losses } = interleaving;
  const all = wins + ties + losses;
  const parts = [
    { name: `${second} won`, count: wins, className: 'bg-series-3' },
    { name: 'equal', count: ties, className: 'bg-line-strong' },
    { name: `${first} won`, count: losses, className: 'bg-series-2' },
  ];
  return (
    <div>
      <div aria-hidden className="flex h-4 gap-px overflow-hidden rounded bg-sunken">
        {parts.map(({ name, count, className }) => (
          <span key={name} className={className} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className="nums mt-1.5 flex flex-wrap gap-x-5 gap-y-1 text-xs">
        {parts.map(({ name, count, className }) => (
          <li key={name} className="flex items-center gap-1.5">
            <span aria-hidden className={classNames('size-2 rounded-full', className)} />
            {name} <b className="font-medium">{formatCount(count)}</b>
            <span className="text-ink-faint">{formatShare(all === 0 ? null : count / all)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The interval of the preference, from −50 points (always the first) to +50 (always the second). */
function Preference(props: { result: ReadoutInterleaving['preference']; first: string; second: string }) {
  const { result, first, second } = props;
  if (result.kind !== 'estimated') return <p className="text-ink-soft">{result.reason}</p>;
  const { mean, lo, hi } = result.difference;
  const reach = Math.min(0.5, Math.max(0.05, Math.abs(lo) * 1.15, Math.abs(hi) * 1.15));
  const at = (value: number) => placeOf(value, reach).percent;
  const tone = lo > 0 ? 'bg-series-3' : hi < 0 ? 'bg-series-2' : 'bg-ink-soft';
  const words = `${formatDelta(mean * 100, 1)} points (${formatDelta(lo * 100, 1)} to ${formatDelta(hi * 100, 1)})`;
  return (
    <div>
      <div className="mb-1 flex flex-wrap justify-between gap-x-4 text-xs">
        <span className="text-ink-faint">← {first}</span>
        <span className="nums">
          preference <b className="font-medium">{words}</b>
        </span>
        <span className="text-ink-faint">{second} →</span>
      </div>
      <div role="img" aria-label={`Preference for ${second}: ${words}`} className="relative h-7 rounded bg-sunken">
        <span className="absolute inset-y-0 left-1/2 w-px bg-line-strong" />
        <span
          className={classNames('absolute top-1/2 h-[3px] -translate-y-1/2', tone)}
          style={{ left: `${at(lo)}%`, width: `${at(hi) - at(lo)}%` }}
        />
        <span
          className={classNames('absolute top-1/2 size-3 -translate-x-1/2 -translate-y-1/2 rounded-full', tone)}
          style={{ left: `${at(mean)}%` }}
        />
      </div>
      {result.p !== null && <p className="nums mt-1 text-ink-faint text-xs">p = {Number(result.p.toPrecision(2))}</p>}
    </div>
  );
}
