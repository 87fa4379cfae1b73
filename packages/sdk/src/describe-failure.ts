import { TRPCClientError } from '@trpc/client';

export interface Failure {
  /** A code of docs/errors.md; `NETWORK` when no answer of the gateway came. */
  code: string;
  message: string;
  /** Dotted path of the faulty input field. */
  field?: string;
  /** To be quoted when asking the operators. */
  requestId?: string;
  httpStatus?: number;
}

interface StudioData {
  httpStatus?: number;
  studio?: { code: string; field?: string; requestId?: string };
}

/** What went wrong with a call of the client, in the words of the gateway. */
export function describeFailure(error: unknown): Failure {
  if (!(error instanceof TRPCClientError)) return { code: 'NETWORK', message: String(error) };
  const { httpStatus, studio } = (error.data ?? {}) as StudioData;
  return { code: 'NETWORK', ...studio, message: error.message, ...(httpStatus !== undefined && { httpStatus }) };
}
