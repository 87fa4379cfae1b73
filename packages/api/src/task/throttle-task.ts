import { ThrottleTaskInput, throttleTask } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const throttleTaskProcedure = procedure
  .input(ThrottleTaskInput)
  .mutation(({ ctx, input }) => throttleTask({ ctx, input }));
