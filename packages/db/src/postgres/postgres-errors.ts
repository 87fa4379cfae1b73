import { type ErrorCode, isStudioError, StudioError, toStudioError } from '@embedding-studio/contracts';

const unavailable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOENT']);
/** Characters that Postgres cannot store, numbers out of range, texts that exceed its limits. */
const unstorable = new Set(['22021', '22P05', '22P02', '22003', '54000']);
const diskFull = '53100';
const fullDisk = 'The disk of the database is full: this was not stored. Try again once an operator has made room.';
const retryable = new Set(['40P01', '40001']);

/** Drizzle wraps what the driver threw; the driver's error carries the SQLSTATE. */
function rootOf(error: unknown): { code: string; message: string } {
  let current = error;
  while (current instanceof Error && !('code' in current) && current.cause instanceof Error) current = current.cause;
  const code = current instanceof Error && 'code' in current ? String(current.code) : '';
  return { code, message: current instanceof Error ? current.message : String(current) };
}

/** A deadlock or serialisation failure: the same transaction may be run once more. */
export function isRetryable(error: unknown): boolean {
  return retryable.has(rootOf(error).code);
}

export function isTableMissing(error: unknown): boolean {
  return rootOf(isStudioError(error) ? error.cause : error).code === '42P01';
}

/** The server could not be reached, or broke off; a statement that the server itself ended is not meant. */
export function isServerGone(error: unknown): boolean {
  const { code, message } = rootOf(isStudioError(error) ? error.cause : error);
  if (/^(08|57P)/.test(code) || unavailable.has(code)) return true;
  return code === '' && /Connection terminated|not queryable|timeout expired/i.test(message);
}

/** Nobody answered in time: the server hangs, or all connections are busy. */
export function isTimeout(error: unknown): boolean {
  return /timeout/i.test(rootOf(error).message);
}

export function isOutage(error: unknown): boolean {
  return isStudioError(error)
    ? error.code === 'STORE_UNAVAILABLE'
    : toPostgresError(error).code === 'STORE_UNAVAILABLE';
}

/** The role lacks the right. */
export function isDenied(error: unknown): boolean {
  return rootOf(error).code === '42501';
}

export function isUniqueViolation(error: unknown): boolean {
  return rootOf(error).code === '23505';
}

/** 08: connection lost, 53: out of resources, 57: shut down or timed out, 58: disk; then the socket's own words. */
function isOutageCode(code: string, message: string): boolean {
  if (unavailable.has(code) || /^(08|53|57|58)/.test(code)) return true;
  return /timeout|Connection terminated|not queryable|pool after calling end/i.test(message);
}

function codeOf(code: string, message: string): ErrorCode | null {
  if (unstorable.has(code)) return 'INPUT_INVALID';
  return isOutageCode(code, message) || retryable.has(code) ? 'STORE_UNAVAILABLE' : null;
}

/** Driver errors as StudioErrors: outages are retried by callers, unstorable input is the client's. */
export function toPostgresError(error: unknown): StudioError {
  if (isStudioError(error)) return error;
  const { code, message } = rootOf(error);
  const mapped = codeOf(code, message);
  if (mapped === 'STORE_UNAVAILABLE')
    return new StudioError(mapped, `Postgres: ${message}`, {
      publicMessage: code === diskFull ? fullDisk : 'The database does not answer; try again shortly.',
      cause: error,
    });
  if (mapped !== null)
    return new StudioError(mapped, `Postgres cannot store this: ${message}`, {
      publicMessage: `This cannot be stored: ${message}`,
      cause: error,
    });
  return toStudioError(error);
}
