import type { Readout } from '@embedding-studio/contracts';
import { Check, Minus, TriangleAlert, X } from 'lucide-react';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { formatCount, formatShare } from '@/ui/format-number';

type State = 'good' | 'bad' | 'warn' | 'unknown';

interface HealthCheck {
  name: string;
  state: State;
  value: string;
  note: string;
}

const looks = {
  good: { icon: Check, word: 'holds', className: 'text-good' },
  bad: { icon: X, word: 'fails', className: 'text-bad' },
  warn: { icon: TriangleAlert, word: 'look at it', className: 'text-warn' },
  unknown: { icon: Minus, word: 'not known', className: 'text-ink-faint' },
} as const;

/** Whether the figures below may be believed at all: it comes before them. */
export function HealthCard({ readout }: { readout: Readout }) {
  const { health } = readout;
  return (
    <Card title="Health" hint="Where a check fails, no figure below may be believed." isFlush>
      {health.srm.isAlarm && <SplitAlarm readout={readout} />}
      <ul className="grid divide-y sm:grid-cols-2 sm:divide-y-0 xl:grid-cols-4">
        {checksOf(readout).map((check) => (
          <CheckTile key={check.name} check={check} />
        ))}
      </ul>
      {health.warnings.length > 0 && (
        <ul className="list-disc border-t px-4 py-2.5 pl-8 text-warn text-xs">
          {health.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** The alarm that makes everything else void. */
function SplitAlarm({ readout: { arms, health } }: { readout: Readout }) {
  const counts = arms.map(({ arm }, at) => {
    const { observed, expected } = health.srm;
    return `${arm} ${formatCount(observed[at])} instead of ${formatCount(Math.round(expected[at] ?? 0))}`;
  });
  return (
    <div role="alert" className="flex gap-3 border-b bg-bad-soft px-4 py-3 text-bad">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div>
        <p className="font-semibold">The units are not split as they should be ({pText(health.srm.p)})</p>
        <p>
          {counts.join(', ')}. Something loses units of one arm: an error, a redirect, a slow answer. Do not ship and do
          not roll back by these figures; find the cause and start a copy.
        </p>
      </div>
    </div>
  );
}

function CheckTile({ check: { name, state, value, note } }: { check: HealthCheck }) {
  const { icon: Icon, word, className } = looks[state];
  return (
    <li className="flex items-start gap-2.5 px-4 py-3">
      <Icon aria-label={word} className={classNames('mt-0.5 size-4 shrink-0', className)} />
      <div className="min-w-0">
        <p>
          <span className="font-medium">{name}</span> <span className="nums text-ink-soft">{value}</span>
        </p>
        <p className="text-ink-faint text-xs">{note}</p>
      </div>
    </li>
  );
}

const pText = (p: number | null): string =>
  p === null ? 'p unknown' : p < 0.001 ? 'p < .001' : `p = ${Number(p.toPrecision(2))}`;

function checksOf({ health, arms }: Readout): HealthCheck[] {
  const { srm, multiple, prePeriod, warnings } = health;
  return [
    {
      name: 'Split',
      state: srm.p === null ? 'unknown' : srm.isAlarm ? 'bad' : 'good',
      value: srm.p === null ? 'not judged' : pText(srm.p),
      note:
        srm.p === null
          ? 'All units see the same, or there are too few.'
          : arms.map(({ arm }, at) => `${arm} ${formatCount(srm.observed[at])}`).join(', '),
    },
    {
      name: 'One arm each',
      state: multiple.isAlarm ? 'bad' : 'good',
      value: `${formatCount(multiple.units)} saw several`,
      note: `${formatShare(multiple.share)} of the units; they are left out.`,
    },
    {
      name: 'Alike before',
      state: prePeriod === null ? 'unknown' : prePeriod.isAlarm ? 'warn' : 'good',
      value: prePeriod === null ? 'not judged' : pText(prePeriod.p),
      note: prePeriod === null ? 'Too little is known of the time before.' : 'Primary metric before the experiment.',
    },
    {
      name: 'Warnings',
      state: warnings.length > 0 ? 'warn' : 'good',
      value: warnings.length === 0 ? 'none' : formatCount(warnings.length),
      note: warnings.length === 0 ? 'Nothing else speaks against it.' : 'Listed below.',
    },
  ];
}
