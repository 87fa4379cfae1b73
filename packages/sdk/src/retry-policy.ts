import type { AppRouter } from '@embedding-studio/api';
import type { Operation, TRPCClientError } from '@trpc/client';
import { deadlineOf } from './deadline.ts';
import { isRepeatable } from './repeatable-calls.ts';

export interface RetryOptions {
  /** Tries of a call, the first included. Default 4; 1: no retries. */
  attemptsMax: number;
  /** Longest first wait; it doubles with every try. Default 200 ms. */
  retryDelayMs: number;
  /** No wait is longer, whatever the server asks for. Default 20 seconds. */
  retryDelayMaxMs: number;
  /** 0 to 1; for tests. */
  random: () => number;
}

interface Failure {
  op: Operation;
  attempts: number;
  error: TRPCClientError<AppRouter>;
}

const passing = new Set([429, 502, 503, 504]);

/** Milliseconds to wait before a failed call is sent again; null: its failure stands. */
export type RetryPolicy = (failure: Failure) => number | null;

export function createRetryPolicy(options: Partial<RetryOptions>): RetryPolicy {
  const { attemptsMax = 4, retryDelayMs = 200, retryDelayMaxMs = 20_000, random = Math.random } = options;
  return ({ op, attempts, error }) => {
    if (attempts >= attemptsMax || op.signal?.aborted || !isRepeatable(op) || !isPassing(error)) return null;
    const backOff = random() * Math.min(retryDelayMaxMs, retryDelayMs * 2 ** (attempts - 1));
    const waitMs = Math.max(backOff, askedWaitMs(error));
    return waitMs <= retryDelayMaxMs && Date.now() + waitMs < deadlineOf(op.context) ? waitMs : null;
  };
}

/** The server or the way to it had a bad moment; a refusal would only be repeated. */
function isPassing(error: TRPCClientError<AppRouter>): boolean {
  const status = error.data?.httpStatus ?? responseOf(error)?.status;
  return status === undefined || passing.has(status);
}

function responseOf(error: TRPCClientError<AppRouter>): Response | undefined {
  const response = error.meta?.response;
  return response instanceof Response ? response : undefined;
}

/** Seconds or a date, as HTTP has it; 0 where nothing was asked. */
function askedWaitMs(error: TRPCClientError<AppRouter>): number {
  const asked = responseOf(error)?.headers.get('retry-after');
  if (asked === null || asked === undefined) return 0;
  const seconds = Number(asked);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(asked) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : 0;
}
