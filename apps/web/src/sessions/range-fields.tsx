'use client';

import { inputLook } from '@/ui/text-field';
import type { ChangeFilter } from './use-session-filter';

const dayMs = 86_400_000;

/** Days in UTC; the last day is included. */
export function RangeFields({ from, to, onChange }: { from: Date | null; to: Date | null; onChange: ChangeFilter }) {
  const first = from === null ? '' : from.toISOString().slice(0, 10);
  const last = to === null ? '' : new Date(to.getTime() - 1).toISOString().slice(0, 10);
  const look = `${inputLook} text-xs`;
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-ink-soft text-xs">Days (UTC)</legend>
      <div className="grid gap-1.5">
        <input
          type="date"
          aria-label="First day"
          className={look}
          value={first}
          max={last || undefined}
          onChange={({ target }) => onChange({ from: dayOf(target.value, 0) })}
        />
        <input
          type="date"
          aria-label="Last day"
          className={look}
          value={last}
          min={first || undefined}
          onChange={({ target }) => onChange({ to: dayOf(target.value, dayMs) })}
        />
      </div>
    </fieldset>
  );
}

function dayOf(text: string, later: number): Date | null {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) ? null : new Date(at + later);
}
