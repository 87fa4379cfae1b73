import { StudioError } from '@embedding-studio/contracts';
import type { GuardedAnswer } from './network/guarded-request.ts';

/** 401 and 403. `field`: what the user would correct. */
export function requireAccess({ status }: Pick<GuardedAnswer, 'status'>, field: string): void {
  if (status === 401 || status === 403)
    throw new StudioError('INPUT_INVALID', `${field}: the source answers ${status}`, { field });
}

/** Anything but success: try again later where that may help, else the field to correct. */
export function requireSuccess({ status }: Pick<GuardedAnswer, 'status'>, field: string): void {
  if (status >= 200 && status < 300) return;
  if (status >= 500 || status === 429 || status === 408)
    throw new StudioError('SOURCE_UNREACHABLE', `The source answers ${status}.`);
  throw new StudioError('INPUT_INVALID', `${field}: the source answers ${status}`, { field });
}
