import { type Actor, StudioError } from '@embedding-studio/contracts';
import { authenticate, type CoreDeps, type Ctx } from '@embedding-studio/core';
import type { FastifyRequest } from 'fastify';

export type ContextOf = (request: FastifyRequest, options: { isOpen: boolean }) => Promise<Ctx>;

/** Nobody in particular: may call only what needs no permission. */
const stranger: Actor = { kind: 'apiKey', keyId: 'none', scopes: [] };

/** Request → context: the actor comes from the bearer key, looked up on every request so that a revoked key ends at once. */
export function openContext(deps: CoreDeps): ContextOf {
  return async (request, { isOpen }) => {
    const secret = bearerOf(request.headers.authorization);
    const actor = isOpen && secret === null ? stranger : await authenticate({ deps, secret });
    return { actor, requestId: request.id, deps };
  };
}

function bearerOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  const [scheme, secret, ...rest] = header.trim().split(/\s+/);
  if (scheme?.toLowerCase() === 'bearer' && secret !== undefined && rest.length === 0) return secret;
  throw new StudioError('UNAUTHENTICATED', 'The Authorization header is not `Bearer <API key>`.', {
    field: 'authorization',
  });
}
