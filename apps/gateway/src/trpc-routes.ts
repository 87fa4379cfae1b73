import { appRouter } from '@embedding-studio/api';
import { isStudioError } from '@embedding-studio/contracts';
import { TRPCError } from '@trpc/server';
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import type { FastifyInstance } from 'fastify';
import type { ContextOf } from './open-context.ts';

type Options = FastifyTRPCPluginOptions<typeof appRouter>;

/** The same routers for typed clients. Calls travel by POST, so that long queries fit and nothing is cached. */
export function addTrpc(app: FastifyInstance, options: { contextOf: ContextOf }): void {
  const trpcOptions: Options['trpcOptions'] = {
    router: appRouter,
    allowMethodOverride: true,
    createContext: async ({ req }) => {
      try {
        return await options.contextOf(req, { isOpen: false });
      } catch (error) {
        if (isStudioError(error))
          throw new TRPCError({ code: 'UNAUTHORIZED', message: error.publicMessage, cause: error });
        throw error;
      }
    },
  };
  app.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions } satisfies Options);
}
