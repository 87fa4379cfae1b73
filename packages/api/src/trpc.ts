import { isStudioError, StudioError, toStudioError } from '@embedding-studio/contracts';
import type { Ctx } from '@embedding-studio/core';
import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import { ZodError } from 'zod';
import { invalidInput } from './invalid-input.ts';
import { observeCall } from './observe-call.ts';
import { trpcCodeOf } from './trpc-code.ts';

/** What a failed call tells its caller; the rest stays in the log. */
export interface ErrorFacts {
  code: string;
  field?: string;
  requestId?: string;
  /** Of the trace that the call belongs to; absent where nothing is traced. */
  traceId?: string;
}

const t = initTRPC.context<Ctx>().create({
  transformer: superjson,
  errorFormatter({ shape, error, ctx }) {
    const known = studioErrorOf(error);
    const facts: ErrorFacts = { code: known.code };
    if (known.field !== undefined) facts.field = known.field;
    if (ctx) facts.requestId = ctx.requestId;
    const traceId = ctx?.deps.telemetry.traceIds()?.traceId;
    if (traceId !== undefined) facts.traceId = traceId;
    const { stack: _hidden, ...data } = shape.data;
    return { ...shape, message: known.publicMessage, data: { ...data, studio: facts } };
  },
});

function studioErrorOf(error: TRPCError): StudioError {
  if (isStudioError(error.cause)) return error.cause;
  if (error.cause instanceof ZodError) return invalidInput(error.cause);
  if (error.code === 'NOT_FOUND') return new StudioError('INPUT_INVALID', error.message);
  if (error.code === 'PARSE_ERROR' || error.code === 'BAD_REQUEST')
    return new StudioError('INPUT_INVALID', error.message);
  return toStudioError(error.cause ?? error);
}

/** Gives every failure a code and the status that belongs to it. */
const withErrorCodes = t.middleware(async ({ ctx, path, next }) => {
  const result = await observeCall(ctx, path, async () => {
    const ended = await next();
    return { ended, code: ended.ok ? ('OK' as const) : studioErrorOf(ended.error).code };
  });
  if (result.ok) return result;
  const known = studioErrorOf(result.error);
  if (known.code === 'INTERNAL')
    ctx.deps.log.error(
      { requestId: ctx.requestId, path, error: String(result.error.cause ?? result.error) },
      'call failed',
    );
  throw new TRPCError({ code: trpcCodeOf[known.code], message: known.publicMessage, cause: known });
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;
/** For calls that need no key. Every other procedure's verb authorises its actor. */
export const openProcedure = t.procedure.use(withErrorCodes);
export const procedure = t.procedure.use(withErrorCodes);
