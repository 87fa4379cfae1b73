import type { Readout } from '@embedding-studio/contracts';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { formatCount } from '@/ui/format-number';
import { formatAbsolute, Time } from '@/ui/time';
import { verdictWords } from './experiment-words';

const tones = {
  neutral: 'text-ink',
  accent: 'text-accent',
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
} as const;

/** The word, what it means, and the reasons in their order. */
export function VerdictCard({ readout }: { readout: Readout }) {
  const { verdict, arm, reasons, createdAt, from, to, arms } = readout;
  const { title, tone, hint } = verdictWords[verdict];
  const units = arms.reduce((sum, one) => sum + one.units, 0);
  return (
    <Card
      title="Verdict"
      hint={
        <>
          Read out <Time at={createdAt} /> · {formatCount(units)} units ·{' '}
          <span title={`${formatAbsolute(from)} to ${formatAbsolute(to)}`}>
            sessions of {formatDay(from)} to {formatDay(to)}
          </span>
        </>
      }
    >
      <p className={classNames('font-semibold text-xl tracking-tight', tones[tone])} data-testid="verdict">
        {title}
        {arm !== null && <span className="font-medium text-ink"> {arm}</span>}
      </p>
      <p className="text-ink-soft">{hint}</p>
      {reasons.length > 0 && (
        <ul className="mt-3 list-disc space-y-1 pl-4">
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const formatDay = (at: Date): string => day.format(at);
