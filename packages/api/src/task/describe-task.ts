import { describeTask, TaskIdInput } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const describeTaskProcedure = procedure
  .input(TaskIdInput)
  .query(({ ctx, input }) => describeTask({ ctx, input }));
