import type { Ctx } from '@embedding-studio/core';
import { TRPCError } from '@trpc/server';
import { observeRequest } from '@/server/observe-request';
import { openContext } from '@/server/open-context';
import { openServer } from '@/server/open-server';
import { refuseForeign } from '@/server/refuse-foreign';

export const dynamic = 'force-dynamic';

async function createContext(request: Request): Promise<Ctx> {
  const { backend } = await openServer();
  const context = await openContext(request).catch((error: unknown) => {
    throw backend.api.toTrpcError(error);
  });
  if (context === null) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in to go on.' });
  return context;
}

const handle = (request: Request): Promise<Response> =>
  observeRequest({ route: '/api/trpc/[trpc]', request }, () => answer(request));

async function answer(request: Request): Promise<Response> {
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
