import { SearchTasksInput, searchTasks } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const searchTasksProcedure = procedure
  .input(SearchTasksInput)
  .query(({ ctx, input }) => searchTasks({ ctx, input }));
