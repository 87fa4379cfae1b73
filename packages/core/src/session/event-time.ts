import { StudioError } from '@embedding-studio/contracts';

const backHours = 12;
const aheadMinutes = 5;

/** Live clickstream may be up to 12 hours late and 5 minutes early; anything else is a broken clock. */
export function checkEventTime(at: Date | undefined, options: { now: Date; field: string }): Date {
  if (at === undefined) return options.now;
  if (isTimely(at, options.now)) return at;
  throw new StudioError('TIMESTAMP_INVALID', `${options.field}: ${at.toISOString()} is outside the accepted window.`, {
    publicMessage: `${options.field} must lie between 12 hours ago and 5 minutes ahead of the server's clock.`,
    field: options.field,
  });
}

export function isTimely(at: Date, now: Date): boolean {
  const lag = now.getTime() - at.getTime();
  return lag <= backHours * 3_600_000 && lag >= -aheadMinutes * 60_000;
}
