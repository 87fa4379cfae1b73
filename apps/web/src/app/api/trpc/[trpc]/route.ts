import { projectHeader } from '@embedding-studio/contracts';
import type { Ctx } from '@embedding-studio/core';
import { TRPCError } from '@trpc/server';
import { findUser } from '@/server/find-user';
import { openServer } from '@/server/open-server';
import { refuseForeign } from '@/server/refuse-foreign';
import { projectParameter } from '@/shell/project-names';

export const dynamic = 'force-dynamic';

async function createContext(request: Request): Promise<Ctx> {
  const [{ backend, projects }, user] = await Promise.all([openServer(), findUser(request.headers)]);
  if (user === null) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in to go on.' });
  try {
    const entered = backend.composition.enterProject(projects, { user, asked: askedProject(request) });
    return { ...entered, requestId: globalThis.crypto.randomUUID(), signal: request.signal };
  } catch (error) {
    throw backend.api.toTrpcError(error);
  }
}

/** Streams of events cannot carry a header: the address says it then. */
function askedProject(request: Request): string | null {
  return request.headers.get(projectHeader) ?? new URL(request.url).searchParams.get(projectParameter);
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
