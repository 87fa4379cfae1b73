import type { GateReport } from '@embedding-studio/contracts';
import { classNames } from '@/ui/class-names';

/** One sentence a rule, those that reject first; colour is not all that tells them apart. */
export function GateReasons({ report: { decision, reasons, held = [] } }: { report: GateReport }) {
  const isRejected = decision === 'rejected';
  const rules = [
    ...reasons.map((reason) => ({ reason, isMet: !isRejected })),
    ...held.map((reason) => ({ reason, isMet: true })),
  ];
  return (
    <ul aria-label="Rules of the gate" className="mt-3 grid gap-1.5 text-ink-soft text-xs">
      {rules.map(({ reason, isMet }) => (
        <li key={reason} className="flex gap-2">
          <span aria-hidden className={classNames('shrink-0', isMet ? 'text-good' : 'text-bad')}>
            {isMet ? '✓' : '✗'}
          </span>
          <span>
            <span className="sr-only">{isMet ? 'Holds: ' : 'Rejects: '}</span>
            {reason}
          </span>
        </li>
      ))}
    </ul>
  );
}
