import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface MetricsReader {
  /** Of the connection itself, whatever a proxy says. */
  remoteAddress: string | undefined;
  headers: IncomingHttpHeaders;
}

/** A token's own, or null: only this machine may read. */
export type MetricsToken = string | null;

const loopback = /^(::1|127\.\d+\.\d+\.\d+|::ffff:127\.\d+\.\d+\.\d+)$/;
const forwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

/**
 * Whether somebody may read metrics: with a token whoever sends it as `Authorization: Bearer`, without one whoever asks
 * from this machine directly. What a proxy on this machine passes on is a stranger's.
 */
export function mayReadMetrics({ remoteAddress, headers }: MetricsReader, token: MetricsToken): boolean {
  if (token !== null) return isSame(headers.authorization ?? '', `Bearer ${token}`);
  return loopback.test(remoteAddress ?? '') && forwarded.every((name) => headers[name] === undefined);
}

function isSame(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
