import { restartTask, TaskIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const restartTaskProcedure = procedure
  .input(TaskIdInput)
  .mutation(({ ctx, input }) => restartTask({ ctx, input }));
