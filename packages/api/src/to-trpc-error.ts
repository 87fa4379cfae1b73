import { isStudioError } from '@embedding-studio/contracts';
import { TRPCError } from '@trpc/server';
import { trpcCodeOf } from './trpc-code.ts';

/** A refusal from before the router, in the form of the router's own; anything else as it is. */
export function toTrpcError(error: unknown): unknown {
  if (!isStudioError(error)) return error;
  return new TRPCError({ code: trpcCodeOf[error.code], message: error.publicMessage, cause: error });
}
