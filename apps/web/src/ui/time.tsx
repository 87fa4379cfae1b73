'use client';

import { formatDuration, noValue } from './format-number';
import { useNow } from './use-now';

const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

export function formatAbsolute(at: Date): string {
  return `${absolute.format(at)} UTC`;
}

export function formatAgo(at: Date, now: Date): string {
  const past = now.getTime() - at.getTime();
  if (Math.abs(past) < 5_000) return 'just now';
  const span = roughly(Math.abs(past));
  return past > 0 ? `${span} ago` : `in ${span}`;
}

function roughly(ms: number): string {
  const units: [number, string][] = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1_000, 's'],
  ];
  for (const [size, unit] of units) if (ms >= size) return `${Math.floor(ms / size)} ${unit}`;
  return formatDuration(ms);
}

/** How long ago, with the moment itself on hover and for readers of the markup. */
export function Time({ at }: { at: Date | string | null | undefined }) {
  const now = useNow();
  if (at === null || at === undefined) return <span className="text-ink-faint">{noValue}</span>;
  const moment = typeof at === 'string' ? new Date(at) : at;
  return (
    <time dateTime={moment.toISOString()} title={formatAbsolute(moment)} className="nums whitespace-nowrap">
      {now === null ? formatAbsolute(moment) : formatAgo(moment, now)}
    </time>
  );
}
