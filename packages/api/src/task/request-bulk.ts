import { RequestBulkInput, requestBulk } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestBulkProcedure = procedure
  .input(RequestBulkInput)
  .mutation(({ ctx, input }) => requestBulk({ ctx, input }));
