import { appRouter, toTrpcError } from '@embedding-studio/api';
import { type FastifyTRPCPluginOptions, fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import type { FastifyInstance } from 'fastify';
import { checkJsonDepth } from './json-depth.ts';
import type { ContextOf } from './open-context.ts';

type Options = FastifyTRPCPluginOptions<typeof appRouter>;

/** superjson lays the input two levels deeper than the caller wrote it. */
const wrapping = 2;

/** The same routers for typed clients. Calls travel by POST, so that long queries fit and nothing is cached. */
export function addTrpc(app: FastifyInstance, options: { contextOf: ContextOf; jsonDepthMax: number }): void {
  const trpcOptions: Options['trpcOptions'] = {
    router: appRouter,
    allowMethodOverride: true,
    // A batch would be one request to the rate limit and many to the stores.
    allowBatching: false,
    responseMeta: ({ errors }) =>
      errors.some(({ code }) => code === 'SERVICE_UNAVAILABLE') ? { headers: { 'retry-after': '1' } } : {},
    createContext: async ({ req, res }) => {
      try {
        if (typeof req.body === 'string') checkJsonDepth(req.body, options.jsonDepthMax + wrapping);
        return await options.contextOf({ request: req, reply: res, isOpen: false });
      } catch (error) {
        throw toTrpcError(error);
      }
    },
  };
  app.register(fastifyTRPCPlugin, { prefix: '/trpc', trpcOptions } satisfies Options);
}
