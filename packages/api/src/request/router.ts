import type { Ctx } from '@embedding-studio/core';
import { router } from '../trpc.ts';
import { listRestRequestsProcedure } from './list-rest-requests.ts';
import { runRestRequestProcedure } from './run-rest-request.ts';

export const requestRouter = (openCaller: (ctx: Ctx) => unknown) =>
  router({
    listRestRequests: listRestRequestsProcedure,
    runRestRequest: runRestRequestProcedure(openCaller),
  });
