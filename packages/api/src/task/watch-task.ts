import { TaskIdInput, watchTask } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const watchTaskProcedure = procedure
  .input(TaskIdInput)
  .subscription(({ ctx, input, signal }) => watchTask({ ctx: { ...ctx, signal }, input }));
