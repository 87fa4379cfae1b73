import { RequestSyncInput, requestSync } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestSyncProcedure = procedure
  .input(RequestSyncInput)
  .mutation(({ ctx, input }) => requestSync({ ctx, input }));
