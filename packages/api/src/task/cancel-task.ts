import { cancelTask, TaskIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const cancelTaskProcedure = procedure
  .input(TaskIdInput)
  .mutation(({ ctx, input }) => cancelTask({ ctx, input }));
