import { retryFailed, TaskIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const retryFailedProcedure = procedure
  .input(TaskIdInput)
  .mutation(({ ctx, input }) => retryFailed({ ctx, input }));
