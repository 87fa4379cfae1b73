import type { Ctx } from '@embedding-studio/core';
import { TRPCError } from '@trpc/server';
import { findUser } from '@/server/find-user';
import { openServer } from '@/server/open-server';
import { refuseForeign } from '@/server/refuse-foreign';

export const dynamic = 'force-dynamic';

async function createContext(request: Request): Promise<Ctx> {
  const [{ studio }, user] = await Promise.all([openServer(), findUser(request.headers)]);
  if (user === null) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in to go on.' });
  const actor = { kind: 'user', userId: user.id, role: user.role } as const;
  return { actor, requestId: globalThis.crypto.randomUUID(), deps: studio.deps, signal: request.signal };
}

async function handle(request: Request): Promise<Response> {
  const refusal = await refuseForeign(request);
  if (refusal !== null) return refusal;
  const { backend } = await openServer();
  return backend.fetchAdapter.fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: backend.api.appRouter,
    createContext: () => createContext(request),
    maxBatchSize: 20,
    allowMethodOverride: true,
  });
}

export { handle as GET, handle as POST };
