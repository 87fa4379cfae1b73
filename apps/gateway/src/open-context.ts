import { type Actor, isStudioError, StudioError } from '@embedding-studio/contracts';
import { type Authenticated, authenticate, type CoreDeps, type Ctx } from '@embedding-studio/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseProject, type ProjectDeps } from './choose-project.ts';
import { countFailure, countRequest, type RateLimits } from './rate-limits.ts';

export interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
  /** The route may be called without a key. */
  isOpen: boolean;
  /** The key, where it does not come in the Authorization header. */
  secret?: string | null;
}
export type ContextOf = (exchange: Exchange) => Promise<Ctx>;

/** Nobody in particular: may call only what needs no permission. */
const stranger: Actor = { kind: 'apiKey', keyId: 'none', scopes: [] };

/** Request → context: the actor comes from the key, looked up on every request so that a revoked key ends at once. */
export function openContext(projects: ProjectDeps, limits: RateLimits): ContextOf {
  return async (exchange) => {
    const { request, reply, isOpen } = exchange;
    if (isOpen && request.headers.authorization === undefined) {
      return { actor: stranger, requestId: request.id, deps: chooseProject(projects, { request, secret: null }) };
    }
    const { deps, actor, requestsPerMinute } = await identify({ projects, limits, exchange });
    await countRequest(limits, { keyId: actor.keyId, requestsPerMinute, reply });
    return { actor, requestId: request.id, deps };
  };
}

interface Call {
  projects: ProjectDeps;
  limits: RateLimits;
  exchange: Exchange;
}

async function identify({ projects, limits, exchange }: Call): Promise<Authenticated & { deps: CoreDeps }> {
  const { request, reply } = exchange;
  try {
    const secret = exchange.secret === undefined ? bearerOf(request.headers.authorization) : exchange.secret;
    const deps = chooseProject(projects, { request, secret });
    return { deps, ...(await authenticate({ deps, secret, ip: request.ip })) };
  } catch (error) {
    if (isStudioError(error) && error.code === 'UNAUTHENTICATED') await countFailure(limits, { ip: request.ip, reply });
    throw error;
  }
}

function bearerOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  const [scheme, secret, ...rest] = header.trim().split(/\s+/);
  if (scheme?.toLowerCase() === 'bearer' && secret !== undefined && rest.length === 0) return secret;
  throw new StudioError('UNAUTHENTICATED', 'The Authorization header is not `Bearer <API key>`.', {
    field: 'authorization',
  });
}
