import { createHmac, timingSafeEqual } from 'node:crypto';

/** Proves, to a console without accounts, that one may read the operator's secrets. Opens nothing later. */
export function setUpCode(secret: string): string {
  return createHmac('sha256', secret).update('console set-up').digest('hex').slice(0, 24);
}

export function isSetUpCode(given: string, secret: string): boolean {
  const expected = Buffer.from(setUpCode(secret));
  const candidate = Buffer.from(given);
  return candidate.length === expected.length && timingSafeEqual(candidate, expected);
}
