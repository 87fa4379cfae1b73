import { httpStatusOf, isStudioError, type StudioError } from '@embedding-studio/contracts';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';

export const ErrorAnswer = z
  .object({
    detail: z.string().describe('What went wrong and what to do.'),
    code: z.string().describe('Stable error code; see docs/errors.md.'),
    field: z.string().optional().describe('Dotted path of the faulty input field.'),
    request_id: z.string(),
    trace_id: z.string().optional().describe('Of the trace that the request belongs to, where requests are traced.'),
  })
  .meta({ id: 'Error' });
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;

export function findStudioError(error: unknown): StudioError | null {
  if (isStudioError(error)) return error;
  if (error instanceof TRPCError && isStudioError(error.cause)) return error.cause;
  return null;
}

export function errorAnswer(
  error: StudioError,
  { requestId, traceId }: { requestId: string; traceId?: string },
): { status: number; body: ErrorAnswer } {
  const body: ErrorAnswer = { detail: error.publicMessage, code: error.code, request_id: requestId };
  if (traceId !== undefined) body.trace_id = traceId;
  if (error.field !== undefined) body.field = error.field;
  return { status: httpStatusOf[error.code], body };
}
