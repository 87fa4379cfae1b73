import { ListTasksInput, listTasks } from '@embedding-studio/core';
import { procedure } from '../trpc.ts';

export const listTasksProcedure = procedure.input(ListTasksInput).query(({ ctx, input }) => listTasks({ ctx, input }));
