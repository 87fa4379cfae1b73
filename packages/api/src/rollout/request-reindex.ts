import { RequestReindexInput, requestReindex } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const requestReindexProcedure = procedure
  .input(RequestReindexInput)
  .mutation(({ ctx, input }) => requestReindex({ ctx, input }));
