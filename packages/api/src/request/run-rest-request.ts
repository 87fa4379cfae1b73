import { authoriseSome, type Ctx } from '@embedding-studio/core';
import type { AppCaller } from '../router.ts';
import { procedure } from '../trpc.ts';
import { type RestAnswer, RestRequest, runRestRequest } from './rest-request.ts';

/** The caller comes from outside: the router holds this procedure, so this file cannot import the router. */
export function runRestRequestProcedure(openCaller: (ctx: Ctx) => unknown) {
  return procedure.input(RestRequest).mutation(({ ctx, input, signal }): Promise<RestAnswer> => {
    authoriseSome(ctx, 'search.read');
    const caller = openCaller({ ...ctx, signal }) as AppCaller;
    return runRestRequest(input, {
      ...{ caller, requestId: ctx.requestId },
      now: () => ctx.deps.clock.now().getTime(),
    });
  });
}
