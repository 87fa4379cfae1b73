import { CountTasksInput, countTasks } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const countTasksProcedure = procedure
  .input(CountTasksInput)
  .query(({ ctx, input }) => countTasks({ ctx, input }));
